/**
 * Directions of imports (docs/explanation/architecture, "Layout"): apps → contexts → platform → event-store, blob-store → kernel.
 * Type-only imports count as well: a type that crosses a border ties both sides as firmly as a function does.
 * Every rule here is tried with a planted violation in test/rules/.
 */
const CONTEXTS =
  'identity|release-control|catalog|upstream|serving|fleet|airgap|ledger|audit-trail|site|notifications|reviews';
/** Specs and what only they use: contract suites, fixtures beside the code. */
const SPECS = [
  '[.]spec[.]ts$',
  '[.]contract[.]ts$',
  '/(contract|testing|fixtures)/',
  '/testing-[^/]+[.]ts$',
  '^test/',
];
const ADAPTERS = '^libs/(event-store|blob-store)/src/(postgres|eventstoredb|filesystem|s3|memory)/';

/** Chooses an adapter by the settings, and so names them all. */
const CHOOSER = '^libs/event-store/src/open-event-store[.]ts$';
/** The table of problems is total over every library's codes: types, no code that acts. */
const ERROR_CODES = '^libs/upstream/src/errors[.]ts$';

const layers = [
  {
    name: 'kernel-stands-alone',
    comment: 'The kernel depends on nothing but Node itself: every library rests on it.',
    from: { path: '^libs/kernel/', pathNot: SPECS },
    to: { pathNot: '^libs/kernel/', dependencyTypesNot: ['core'] },
  },
  {
    name: 'pure-libraries-need-only-kernel',
    comment: 'tlog and snap can be read, tested and reused alone: kernel and no npm package.',
    from: { path: '^libs/(tlog|snap)/', pathNot: SPECS },
    to: { pathNot: ['^libs/$1/', '^libs/kernel/'], dependencyTypesNot: ['core'] },
  },
  {
    name: 'pure-libraries-do-no-io',
    comment: 'Of Node, kernel, tlog and snap use cryptography and bytes: no files, no network, no processes.',
    from: { path: '^libs/(kernel|tlog|snap)/', pathNot: SPECS },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer|util)$' },
  },
  {
    name: 'stores-rest-on-kernel',
    comment: 'Ports and adapters know the kernel and nothing else of ours.',
    from: { path: '^libs/(event-store|blob-store)/', pathNot: SPECS },
    to: { path: '^(libs|apps)/', pathNot: ['^libs/$1/', '^libs/kernel/'] },
  },
  {
    name: 'platform-below-contexts',
    comment:
      'Plumbing that contexts use. Only the problem table looks up: at types of error codes, to be total.',
    from: { path: '^libs/platform/', pathNot: [...SPECS, '^libs/platform/src/problems/'] },
    to: { path: '^(libs|apps)/', pathNot: '^libs/(platform|event-store|blob-store|kernel)/' },
  },
  {
    name: 'problem-table-sees-only-types',
    comment: 'The problem table names error codes of every library by type; it runs none of their code.',
    from: { path: '^libs/platform/src/problems/', pathNot: SPECS },
    to: {
      path: '^(libs|apps)/',
      pathNot: '^libs/(platform|event-store|blob-store|kernel)/',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'api-client-stands-alone',
    comment: 'What the CLI and the console call is generated from openapi.json and knows no server code.',
    from: { path: '^libs/api-client/', pathNot: SPECS },
    to: { path: '^(libs|apps)/', pathNot: '^libs/(api-client|kernel)/' },
  },
];

const contexts = [
  {
    name: 'domain-is-pure',
    comment:
      'Deciders import the kernel, pure format libraries, plain files of their context; no Node, no npm.',
    from: { path: '^libs/([^/]+)/src/domain/', pathNot: SPECS },
    to: { pathNot: ['^libs/$1/src/domain/', '^libs/$1/src/[a-z-]+[.]ts$', '^libs/(kernel|tlog|snap)/'] },
  },
  {
    name: 'domain-reaches-no-plumbing',
    comment: 'Not by a detour either.',
    from: { path: '^libs/([^/]+)/src/domain/', pathNot: SPECS },
    to: { reachable: true, path: '^libs/(platform|event-store|blob-store|upstream)/|node_modules/' },
  },
  {
    name: 'contexts-meet-through-published',
    comment: 'All that one context may import of another is its published.ts.',
    from: { path: `^libs/(${CONTEXTS})/`, pathNot: SPECS },
    to: { path: `^libs/(${CONTEXTS})/`, pathNot: ['^libs/$1/', `^libs/(${CONTEXTS})/src/published[.]ts$`] },
  },
  {
    name: 'projections-only-fold',
    comment: 'The projector replays: a projection appends nothing, commands nothing, fetches nothing.',
    from: { path: `^libs/(${CONTEXTS})/src/projections/`, pathNot: SPECS },
    to: { path: `^libs/(event-store|blob-store|upstream)/|^libs/(${CONTEXTS})/src/(commands|reactors)/` },
  },
  {
    name: 'only-roots-name-adapters',
    comment: 'Which store it is, is said where the process is put together.',
    from: { path: '^libs/([^/]+)/', pathNot: SPECS },
    to: { path: [ADAPTERS, CHOOSER], pathNot: '^libs/$1/' },
  },
];

/** What an auditor runs has no need of it. */
const PRINTS = '^apps/cli/src/meeting/pdf[.]ts$';

const apps = [
  {
    name: 'libraries-know-no-app',
    comment: 'Apps are composition roots: nothing rests on them.',
    from: { path: '^libs/', pathNot: SPECS },
    to: { path: '^apps/' },
  },
  {
    name: 'apps-meet-as-processes',
    comment: 'An app starts or calls another one; it does not import it.',
    from: { path: '^apps/([^/]+)/', pathNot: [...SPECS, '^apps/demo/'] },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'demo-starts-the-host',
    comment: 'It stands where a person at the terminal does: it starts a site as apps/host does.',
    from: { path: '^apps/demo/', pathNot: SPECS },
    to: { path: '^apps/', pathNot: '^apps/(demo|host)/' },
  },
  {
    name: 'control-decides',
    comment: 'control loads commands, queries and routes: it neither acts upstream nor writes read models.',
    from: { path: '^apps/control/', pathNot: SPECS },
    to: {
      reachable: true,
      path: `^libs/upstream/|^libs/(${CONTEXTS})/src/(reactors[./]|projections[.])`,
      pathNot: ERROR_CODES,
    },
  },
  {
    name: 'worker-acts',
    comment: 'worker loads commands and reactors: it has no public port and writes no read model.',
    from: { path: '^apps/worker/', pathNot: SPECS },
    to: { reachable: true, path: `^libs/(${CONTEXTS})/src/(routes[.]|projections[.])` },
  },
  {
    name: 'projector-remembers',
    comment: 'projector loads projections: it appends nothing and does not reach the network.',
    from: { path: '^apps/projector/', pathNot: SPECS },
    to: {
      reachable: true,
      path: `^libs/upstream/|^libs/(${CONTEXTS})/src/(commands[./]|reactors[./]|routes[.])`,
      pathNot: ERROR_CODES,
    },
  },
  {
    name: 'proxy-serves',
    comment: 'proxy loads serving: it decides nothing, appends nothing.',
    from: { path: '^apps/proxy/', pathNot: SPECS },
    to: {
      reachable: true,
      path: [
        '^libs/event-store/src/(postgres|eventstoredb)/',
        'decide-and-append[.]ts$',
        `^libs/(${CONTEXTS})/src/(commands[./]|reactors[./]|routes[.]|projections[.])`,
      ],
    },
  },
  {
    name: 'sandbox-store-is-upstream',
    comment: 'The sandbox store plays the other side: it shares formats with us, no server code.',
    from: { path: '^apps/sandbox-store/', pathNot: SPECS },
    to: { path: `^libs/(${CONTEXTS}|event-store|blob-store)/` },
  },
  {
    name: 'cli-is-a-client',
    comment: "It talks REST and verifies offline. The host's commands it hands to apps/host.",
    from: { path: '^apps/(cli|console)/', pathNot: SPECS },
    to: { path: '^libs/', pathNot: '^libs/(api-client|tlog|snap|kernel)/' },
  },
  {
    name: 'cli-needs-only-commander',
    comment: 'Few packages: the CLI is also what an auditor runs.',
    from: { path: '^apps/cli/', pathNot: [...SPECS, PRINTS] },
    to: { path: 'node_modules/', pathNot: 'node_modules/(commander|yaml|@types/node)/' },
  },
  {
    name: 'cli-prints-with-pdfkit',
    comment: 'One file, which is loaded when something is printed.',
    from: { path: PRINTS },
    to: { path: 'node_modules/', pathNot: 'node_modules/(pdfkit|@types/(pdfkit|node))/' },
  },
];

/** Preloaded into each server by its supervisor, and loaded by browsers; not imported. */
const LOADED_BY_PATH = [
  '^apps/host/src/exit-with-supervisor[.]ts$',
  '/security-key-page/(page|sign-on)[.]js$',
];

const hygiene = [
  {
    name: 'no-circular',
    comment: 'Two files that need each other at run time are one file, or three.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-orphans',
    comment: 'A file that nothing imports and that imports nothing is forgotten code.',
    from: {
      orphan: true,
      pathNot: [...SPECS, '[.]d[.]ts$', '[.]config[.]ts$', '/main[.]ts$', ...LOADED_BY_PATH],
    },
    to: {},
  },
  {
    name: 'no-tests-in-products',
    comment: 'Specs, contract suites and test support are not shipped.',
    from: { path: '^(apps|libs)/', pathNot: SPECS },
    to: { path: SPECS },
  },
  {
    name: 'no-development-packages-in-products',
    comment: 'What runs must be in dependencies.',
    from: { path: '^(apps|libs)/', pathNot: SPECS },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
  },
  {
    name: 'no-unresolvable',
    comment: 'An import that resolves to nothing hides from every other rule.',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...layers, ...contexts, ...apps, ...hygiene].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    exclude: { path: ['^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};

import { createRequire } from 'node:module';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';
import { withPlantedTree } from './planted-tree.js';

interface Configuration {
  readonly forbidden: readonly { readonly name: string }[];
  readonly options: ICruiseOptions;
}
const configuration = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Configuration;
const NAMES = configuration.forbidden.map((rule) => rule.name);

/** Names of the rules that the tree breaks, each once. */
async function brokenRules(files: Readonly<Record<string, string>>): Promise<string[]> {
  return withPlantedTree(files, async (baseDir) => {
    const options = {
      ...configuration.options,
      baseDir,
      validate: true,
      ruleSet: configuration as unknown as IFlattenedRuleSet,
    };
    const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? path))];
    const { output } = await cruise(
      folders.filter((name) => name !== 'node_modules'),
      options,
    );
    return [
      ...new Set((output as ICruiseResult).summary.violations.map((violation) => violation.rule.name)),
    ].sort();
  });
}

/** A file that is imported: never an orphan itself. */
const THING = 'export const thing = 1;';
const PACKAGE = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: 'index.js' }),
  [`node_modules/${name}/index.js`]: '',
});
/** One import from `from` to `specifier`, and the file behind it. */
function edge(from: string, specifier: string, to?: string): Record<string, string> {
  return { [from]: `import '${specifier}';`, ...(to === undefined ? {} : { [to]: THING }) };
}

/** Rule, and a tree that breaks it. */
const violations: readonly (readonly [rule: string, tree: Record<string, string>])[] = [
  ['kernel-stands-alone', { ...edge('libs/kernel/src/a.ts', 'rxjs'), ...PACKAGE('rxjs') }],
  ['kernel-stands-alone', edge('libs/kernel/src/a.ts', '#tlog', 'libs/tlog/src/index.ts')],
  [
    'pure-libraries-need-only-kernel',
    edge('libs/tlog/src/a.ts', '#event-store/port', 'libs/event-store/src/port.ts'),
  ],
  ['pure-libraries-need-only-kernel', edge('libs/snap/src/a.ts', '#tlog', 'libs/tlog/src/index.ts')],
  ['pure-libraries-need-only-kernel', { ...edge('libs/snap/src/a.ts', 'undici'), ...PACKAGE('undici') }],
  ['pure-libraries-do-no-io', edge('libs/tlog/src/a.ts', 'node:fs')],
  ['pure-libraries-do-no-io', edge('libs/kernel/src/a.ts', 'node:child_process')],
  ['stores-rest-on-kernel', edge('libs/event-store/src/a.ts', '#platform/x', 'libs/platform/src/x.ts')],
  [
    'stores-rest-on-kernel',
    edge('libs/blob-store/src/a.ts', '#event-store/port', 'libs/event-store/src/port.ts'),
  ],
  [
    'platform-below-contexts',
    edge('libs/platform/src/a.ts', '#identity/published', 'libs/identity/src/published.ts'),
  ],
  [
    'problem-table-sees-only-types',
    edge('libs/platform/src/problems/a.ts', '#identity/published', 'libs/identity/src/published.ts'),
  ],
  ['api-client-stands-alone', edge('libs/api-client/src/a.ts', '#platform/x', 'libs/platform/src/x.ts')],
  ['domain-is-pure', edge('libs/identity/src/domain/a.ts', '#platform/x', 'libs/platform/src/x.ts')],
  ['domain-is-pure', edge('libs/identity/src/domain/a.ts', 'node:crypto')],
  ['domain-is-pure', { ...edge('libs/identity/src/domain/a.ts', 'rxjs'), ...PACKAGE('rxjs') }],
  [
    'domain-is-pure',
    edge('libs/identity/src/domain/a.ts', '../commands/b.js', 'libs/identity/src/commands/b.ts'),
  ],
  [
    'domain-reaches-no-plumbing',
    {
      ...edge('libs/identity/src/domain/a.ts', '../detour.js'),
      ...edge('libs/identity/src/detour.ts', '#platform/x', 'libs/platform/src/x.ts'),
    },
  ],
  [
    'contexts-meet-through-published',
    edge('libs/identity/src/a.ts', '#site/domain/x', 'libs/site/src/domain/x.ts'),
  ],
  [
    'projections-only-fold',
    edge('libs/identity/src/projections/a.ts', '#event-store/port', 'libs/event-store/src/port.ts'),
  ],
  [
    'projections-only-fold',
    edge('libs/identity/src/projections/a.ts', '../commands/b.js', 'libs/identity/src/commands/b.ts'),
  ],
  [
    'only-roots-name-adapters',
    edge('libs/platform/src/a.ts', '#event-store/postgres/store', 'libs/event-store/src/postgres/store.ts'),
  ],
  [
    'only-roots-name-adapters',
    edge('libs/catalog/src/a.ts', '#blob-store/filesystem/store', 'libs/blob-store/src/filesystem/store.ts'),
  ],
  [
    'only-roots-name-adapters',
    edge('libs/site/src/a.ts', '#event-store/open-event-store', 'libs/event-store/src/open-event-store.ts'),
  ],
  ['libraries-know-no-app', edge('libs/site/src/a.ts', '#apps/control/src/x', 'apps/control/src/x.ts')],
  ['apps-meet-as-processes', edge('apps/cli/src/a.ts', '#apps/host/src/x', 'apps/host/src/x.ts')],
  ['demo-starts-the-host', edge('apps/demo/src/a.ts', '#apps/control/src/x', 'apps/control/src/x.ts')],
  ['control-decides', edge('apps/control/src/a.ts', '#catalog/reactors/x', 'libs/catalog/src/reactors/x.ts')],
  [
    'control-decides',
    {
      ...edge('apps/control/src/a.ts', '#catalog/commands.module'),
      ...edge('libs/catalog/src/commands.module.ts', '#upstream/published', 'libs/upstream/src/published.ts'),
    },
  ],
  [
    'worker-acts',
    edge('apps/worker/src/a.ts', '#catalog/routes.module', 'libs/catalog/src/routes.module.ts'),
  ],
  [
    'worker-acts',
    edge('apps/worker/src/a.ts', '#catalog/projections.module', 'libs/catalog/src/projections.module.ts'),
  ],
  [
    'projector-remembers',
    edge('apps/projector/src/a.ts', '#upstream/published', 'libs/upstream/src/published.ts'),
  ],
  [
    'projector-remembers',
    edge('apps/projector/src/a.ts', '#catalog/commands/x', 'libs/catalog/src/commands/x.ts'),
  ],
  [
    'proxy-serves',
    edge('apps/proxy/src/a.ts', '#event-store/postgres/store', 'libs/event-store/src/postgres/store.ts'),
  ],
  ['proxy-serves', edge('apps/proxy/src/a.ts', '#site/commands.module', 'libs/site/src/commands.module.ts')],
  [
    'sandbox-store-is-upstream',
    edge('apps/sandbox-store/src/a.ts', '#catalog/published', 'libs/catalog/src/published.ts'),
  ],
  ['cli-is-a-client', edge('apps/cli/src/a.ts', '#platform/x', 'libs/platform/src/x.ts')],
  ['cli-is-a-client', edge('apps/console/src/a.ts', '#identity/published', 'libs/identity/src/published.ts')],
  ['cli-prints-with-pdfkit', { ...edge('apps/cli/src/meeting/pdf.ts', 'pg'), ...PACKAGE('pg') }],
  ['cli-needs-only-commander', { ...edge('apps/cli/src/a.ts', 'pg'), ...PACKAGE('pg') }],
  ['no-circular', { 'libs/site/src/a.ts': "import './b.js';", 'libs/site/src/b.ts': "import './a.js';" }],
  ['no-orphans', { 'libs/site/src/a.ts': THING }],
  ['no-tests-in-products', edge('libs/site/src/a.ts', '#test/support/x', 'test/support/x.ts')],
  ['no-tests-in-products', edge('libs/site/src/a.ts', './b.contract.js', 'libs/site/src/b.contract.ts')],
  ['no-tests-in-products', edge('libs/site/src/a.ts', './testing/b.js', 'libs/site/src/testing/b.ts')],
  [
    'no-development-packages-in-products',
    { ...edge('libs/site/src/a.ts', 'fast-check'), ...PACKAGE('fast-check') },
  ],
  ['no-unresolvable', edge('libs/site/src/a.ts', '#kernel')],
];

const permitted: readonly (readonly [what: string, tree: Record<string, string>])[] = [
  [
    'the problem table on types',
    {
      'libs/platform/src/problems/a.ts': "import type { T } from '#site/published'; export const t: T = 1;",
      'libs/site/src/published.ts': 'export type T = number;',
    },
  ],
  [
    'a domain on the kernel and a format',
    {
      ...edge('libs/catalog/src/domain/a.ts', '#kernel', 'libs/kernel/src/index.ts'),
      ...edge('libs/catalog/src/domain/b.ts', '#snap', 'libs/snap/src/index.ts'),
    },
  ],
  [
    'a context on what another one published',
    edge('libs/serving/src/a.ts', '#release-control/published', 'libs/release-control/src/published.ts'),
  ],
  [
    'an app that names an adapter',
    edge('apps/control/src/a.ts', '#event-store/postgres/store', 'libs/event-store/src/postgres/store.ts'),
  ],
  [
    'a spec that names an adapter',
    edge(
      'libs/platform/src/a.int.spec.ts',
      '#event-store/postgres/store',
      'libs/event-store/src/postgres/store.ts',
    ),
  ],
  [
    'the CLI on the client and the verifier',
    {
      ...edge('apps/cli/src/a.ts', '#api-client/client', 'libs/api-client/src/client.ts'),
      ...edge('apps/cli/src/b.ts', '#tlog', 'libs/tlog/src/index.ts'),
    },
  ],
];

describe('directions of imports', () => {
  it.each(violations)('%s', async (rule, tree) => expect(await brokenRules(tree)).toContain(rule));

  it.each(permitted)('permit %s', async (_what, tree) => expect(await brokenRules(tree)).toEqual([]));

  it('are each tried with a planted violation', () => {
    expect([...new Set(violations.map(([rule]) => rule))].sort()).toEqual([...NAMES].sort());
  });
});

import { isHeaderMap, parseAssertion, type HeaderValue, type Headers } from '#snap';
import type { JsonValue } from '#kernel';
import type { SnapCaptureManifest } from '../manifest/capture-manifest.js';
import { readYaml, type Mapping, type ReadYaml } from '../inside/read-yaml.js';
import type { Inside } from '../manifest/inside.js';
import {
  epochOf,
  interfacesOf,
  lineOf,
  named,
  servicesOf,
  textOf,
  withoutEmpty,
  yamlFacts,
  type Interface,
} from './yaml-facts.js';

/** What a captured revision is, as far as a person who approves looks at it. */
export interface SnapFacts {
  /** What was signed, or is said by the store, by what it is about: `base` → `core24`. In the order in which it is read. */
  readonly said: ReadonlyMap<string, string>;
  /** The same of what is from the snap.yaml; null where that cannot be read. */
  readonly yaml: ReadonlyMap<string, string> | null;
  readonly plugs: ReadonlyMap<string, Interface>;
  readonly slots: ReadonlyMap<string, Interface>;
  readonly services: ReadonlySet<string>;
  readonly hooks: ReadonlySet<string>;
  /** Of the snap-declaration: what it says of the plugs of an interface. */
  readonly plugRules: ReadonlyMap<string, HeaderValue>;
  readonly confinement: string;
  readonly epoch: string;
  readonly base: string;
  readonly publisher: string;
  readonly size: number;
  /** Versions by name; null where the snap carries no list of its packages, or nobody looked. */
  readonly packages: ReadonlyMap<string, string> | null;
  /** Why the snap.yaml could not be read, or is not that of this revision. */
  readonly doubts: readonly string[];
}

/**
 * Reads a capture manifest's facts. Size, publisher and declaration are what was signed, and verified when it was captured. What is from the snap.yaml is what
 * the snap's file says, which was signed too; where that could not be opened, upstream's word.
 */
export function factsOf(manifest: SnapCaptureManifest): SnapFacts {
  const { snap, blob, inside } = manifest;
  const declaration = declarationOf(manifest);
  const shown = snap['snap-yaml'];
  const read = readSnapYaml(inside?.opened ? (inside.snapYaml ?? shown) : shown);
  const yaml: Mapping = read.ok ? read.yaml : {};
  const { plugs, slots } = interfacesOf(yaml);
  const publisher = textOf(declaration['publisher-id']);
  const confinement = textOf(snap['confinement']);
  const base = textOf(snap['base']);
  const said: [string, string][] = [
    ['version', textOf(snap['version'])],
    ['type', textOf(snap['type'])],
    ['base', base],
    ['confinement', confinement],
    ['size', `${blob.size} bytes`],
    ['publisher', publisher],
    ['license', textOf(snap['license'])],
    ['snap-declaration', `revision ${textOf(declaration['revision']) || '0'}`],
    ...['plugs', 'slots'].flatMap((side) => rulesText(side, declaration)),
    ...['refresh-control', 'revision-authority'].map((name): [string, string] => [
      `declared ${name}`,
      lineOf(declaration[name]),
    ]),
  ];
  return {
    said: withoutEmpty(said),
    yaml: read.ok ? yamlFacts(read.yaml, declaration) : null,
    plugs,
    slots,
    services: new Set(servicesOf(yaml).map(([name]) => name)),
    hooks: new Set(named(yaml['hooks']).map(([name]) => name)),
    plugRules: rulesOf(declaration, 'plugs'),
    confinement,
    epoch: epochOf(yaml['epoch']),
    base,
    publisher,
    size: blob.size,
    packages: packagesOf(inside),
    doubts: [
      ...(read.ok ? contradictions(manifest, read.yaml) : [read.why]),
      ...doubtsInside(inside, shown, read, declaration),
    ],
  };
}

/** A package that two parts brought in two versions has both. */
function packagesOf(inside: Inside | undefined): ReadonlyMap<string, string> | null {
  const packages = inside?.opened ? inside.packages : null;
  if (packages === null || 'why' in packages) return null;
  const versions = new Map<string, string>();
  for (const text of packages.names) {
    const [name = '', version = ''] = text.split('=', 2);
    const before = versions.get(name);
    versions.set(name, before === undefined ? version : `${before}, ${version}`);
  }
  return versions;
}

/** What the file says of itself, and what the store says of it. */
function doubtsInside(
  inside: Inside | undefined,
  shown: JsonValue | undefined,
  read: ReadYaml,
  declaration: Headers,
): string[] {
  if (inside === undefined) return [];
  if (!inside.opened)
    return [`its file cannot be opened (${inside.why}): what is from its snap.yaml is the store's word`];
  const { snapYaml, packages } = inside;
  const differing = snapYaml === null ? [] : differingFacts(read, shown, declaration);
  return [
    ...(differing.length > 0
      ? [`the store shows another snap.yaml than the one that is in it: ${differing.join(', ')}`]
      : []),
    ...(packages !== null && 'why' in packages ? [`its packages cannot be read: ${packages.why}`] : []),
    ...(packages !== null && 'left' in packages && packages.left > 0
      ? [`of its packages, ${packages.left} are not shown`]
      : []),
  ];
}

/** Where the store's snap.yaml says something else that matters; as it is spelled makes no difference. */
function differingFacts(read: ReadYaml, shown: JsonValue | undefined, declaration: Headers): string[] {
  if (!read.ok || typeof shown !== 'string' || shown === '') return [];
  const store = readYaml(shown);
  if (!store.ok) return ['all of it'];
  const [own, said] = [yamlFacts(read.yaml, declaration), yamlFacts(store.yaml, declaration)];
  return [...new Set([...own.keys(), ...said.keys()])].filter((what) => own.get(what) !== said.get(what));
}

function readSnapYaml(text: JsonValue | undefined): ReadYaml {
  if (typeof text !== 'string' || text === '')
    return {
      ok: false,
      why: 'the store gives no snap.yaml: its interfaces, apps, services and hooks are not known',
    };
  const read = readYaml(text);
  return read.ok ? read : { ok: false, why: `its snap.yaml cannot be read: ${read.why}` };
}

/** What the store says beside the snap.yaml, and the snap.yaml says otherwise. */
function contradictions({ name, snap }: SnapCaptureManifest, yaml: Mapping): string[] {
  const pairs = [
    ['name', name, textOf(yaml['name'])],
    ['version', textOf(snap['version']), textOf(yaml['version'])],
    ['confinement', textOf(snap['confinement']), textOf(yaml['confinement']) || 'strict'],
    ['type', textOf(snap['type']), textOf(yaml['type']) || 'app'],
  ] as const;
  return pairs
    .filter(([what, store, said]) => store !== said && !(what === 'version' && said === ''))
    .filter(([what, store, said]) => !(what === 'type' && store === 'os' && said === 'core'))
    .map(([what, store, said]) => `its snap.yaml says ${what} ${said || 'nothing'}, the store ${store}`);
}

function declarationOf({ assertions }: SnapCaptureManifest): Headers {
  const declaration = assertions.find(({ type }) => type === 'snap-declaration');
  return declaration === undefined ? {} : parseAssertion(Buffer.from(declaration.text)).headers;
}

function rulesText(side: string, declaration: Headers): [string, string][] {
  return [...rulesOf(declaration, side)].map(([name, rule]) => [`declared ${side} ${name}`, lineOf(rule)]);
}

function rulesOf(declaration: Headers, side: string): ReadonlyMap<string, HeaderValue> {
  const rules = declaration[side];
  return new Map(rules !== undefined && isHeaderMap(rules) ? Object.entries(rules) : []);
}

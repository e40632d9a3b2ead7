import { isHeaderMap, parseAssertion, type HeaderValue, type Headers } from '#snap';
import type { JsonValue } from '#kernel';
import type { SnapCaptureManifest } from '../manifest/capture-manifest.js';
import { isJsonObject } from '../json-shape.js';
import { readSnapYaml, type Mapping, type ReadSnapYaml } from './snap-yaml.js';

/** A plug or a slot of a snap. */
export interface Interface {
  readonly interface: string;
  /** Interface and attributes, in one line. */
  readonly text: string;
}

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
  /** Why the snap.yaml could not be read, or is not that of this revision. */
  readonly doubts: readonly string[];
}

/**
 * Reads a capture manifest's facts. Size, publisher and declaration are what was signed, and verified when it was captured. What is from the snap.yaml is
 * upstream's word: the store read it from the file.
 */
export function factsOf(manifest: SnapCaptureManifest): SnapFacts {
  const { snap, blob } = manifest;
  const declaration = declarationOf(manifest);
  const read = readYaml(snap['snap-yaml']);
  const yaml: Mapping = read.ok ? read.yaml : {};
  const { plugs, slots } = interfacesOf(yaml);
  const apps = named(yaml['apps']);
  const hooks = named(yaml['hooks']);
  const services = apps.filter(([, app]) => app['daemon'] !== undefined);
  const publisher = textOf(declaration['publisher-id']);
  const confinement = textOf(snap['confinement']);
  const epoch = epochOf(yaml['epoch']);
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
  const fromYaml: [string, string][] = [
    ['grade', textOf(yaml['grade'])],
    ['epoch', epoch],
    ...[...plugs].map(([name, { text: plug }]): [string, string] => [`plug ${name}`, plug]),
    ...[...slots].map(([name, { text: slot }]): [string, string] => [`slot ${name}`, slot]),
    ...services.map(([name, app]): [string, string] => [`service ${name}`, serviceText(app)]),
    ...hooks.map(([name]): [string, string] => [`hook ${name}`, 'runs']),
    ...apps
      .filter(([, app]) => app['daemon'] === undefined)
      .map(([name, app]): [string, string] => [`app ${name}`, textOf(app['command'])]),
    ...aliasesOf(apps, declaration).map(([alias, app]): [string, string] => [`alias ${alias}`, app]),
    ...['layout', 'system-usernames'].flatMap((member) =>
      entries(yaml[member]).map(([name, value]): [string, string] => [`${member} ${name}`, lineOf(value)]),
    ),
    ['assumes', lineOf(yaml['assumes'])],
  ];
  return {
    said: new Map(said.filter(([, value]) => value !== '')),
    yaml: read.ok ? new Map(fromYaml.filter(([, value]) => value !== '')) : null,
    plugs,
    slots,
    services: new Set(services.map(([name]) => name)),
    hooks: new Set(hooks.map(([name]) => name)),
    plugRules: rulesOf(declaration, 'plugs'),
    confinement,
    epoch,
    base,
    publisher,
    size: blob.size,
    doubts: read.ok ? contradictions(manifest, read.yaml) : [read.why],
  };
}

function readYaml(text: JsonValue | undefined): ReadSnapYaml {
  if (typeof text !== 'string' || text === '')
    return {
      ok: false,
      why: 'the store gives no snap.yaml: its interfaces, apps, services and hooks are not known',
    };
  const read = readSnapYaml(text);
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

/**
 * Plugs and slots, as snapd counts them: those at the top, and those that an app or a hook names only, of the interface of that name.
 * @returns by name
 */
function interfacesOf(yaml: Mapping): Record<'plugs' | 'slots', ReadonlyMap<string, Interface>> {
  const users = [...named(yaml['apps']), ...named(yaml['hooks'])].map(([, user]) => user);
  const of = (side: 'plugs' | 'slots'): ReadonlyMap<string, Interface> => {
    const found = new Map(entries(yaml[side]).map(([name, value]) => [name, interfaceOf(name, value)]));
    for (const user of users) {
      for (const name of namesIn(user[side])) {
        if (!found.has(name)) found.set(name, { interface: name, text: name });
      }
    }
    return found;
  };
  return { plugs: of('plugs'), slots: of('slots') };
}

/** `network`, `null` for the interface of that name, or a map with `interface` and attributes. */
function interfaceOf(name: string, value: JsonValue): Interface {
  if (!isJsonObject(value)) {
    const said = textOf(value) || name;
    return { interface: said, text: said };
  }
  const { interface: said, ...attributes } = value;
  const kind = textOf(said) || name;
  const more = Object.entries(attributes).map(([member, attribute]) => `${member}=${lineOf(attribute)}`);
  return { interface: kind, text: [kind, ...more].join(' ') };
}

function serviceText(app: Mapping): string {
  const { daemon, command } = app;
  return [textOf(daemon), textOf(command)].filter(Boolean).join(': ') || 'runs';
}

/** snapd's epochs: absent is 0; `1*` and `{read: …, write: …}` are what it reads and writes. */
function epochOf(epoch: JsonValue | undefined): string {
  return lineOf(epoch) || '0';
}

/** Of the snap-declaration, which is what snapd takes them from; an app's own are older, and only names that may be set by hand. */
function aliasesOf(apps: readonly (readonly [string, Mapping])[], declaration: Headers): [string, string][] {
  const declared = Array.isArray(declaration['aliases']) ? (declaration['aliases'] as HeaderValue[]) : [];
  const automatic = declared.flatMap((each): [string, string][] =>
    isJsonObject(each) && typeof each['name'] === 'string' ? [[each['name'], textOf(each['target'])]] : [],
  );
  const own = apps.flatMap(([name, app]) =>
    namesIn(app['aliases']).map((alias): [string, string] => [alias, `${name} (by hand only)`]),
  );
  return [...own.filter(([alias]) => !automatic.some(([other]) => other === alias)), ...automatic];
}

function rulesText(side: string, declaration: Headers): [string, string][] {
  return [...rulesOf(declaration, side)].map(([name, rule]) => [`declared ${side} ${name}`, lineOf(rule)]);
}

function rulesOf(declaration: Headers, side: string): ReadonlyMap<string, HeaderValue> {
  const rules = declaration[side];
  return new Map(rules !== undefined && isHeaderMap(rules) ? Object.entries(rules) : []);
}

function entries(value: JsonValue | undefined): [string, JsonValue][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** The entries of a map whose values are maps; one without any is empty: a hook may say nothing. */
function named(value: JsonValue | undefined): [string, Mapping][] {
  return entries(value).map(([name, each]) => [name, isJsonObject(each) ? each : {}]);
}

function namesIn(value: JsonValue | undefined): string[] {
  if (isJsonObject(value)) return Object.keys(value);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A value in one line. */
function lineOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

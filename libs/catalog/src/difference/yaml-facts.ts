import type { Headers, HeaderValue } from '#snap';
import type { JsonValue } from '#kernel';
import type { Mapping } from '../inside/read-yaml.js';
import { isJsonObject } from '../json-shape.js';

/** A plug or a slot of a snap. */
export interface Interface {
  readonly interface: string;
  /** Interface and attributes, in one line. */
  readonly text: string;
}

/** All that is from a snap.yaml, by what it is about, in the order in which it is read. */
export function yamlFacts(yaml: Mapping, declaration: Headers): ReadonlyMap<string, string> {
  const { plugs, slots } = interfacesOf(yaml);
  const apps = named(yaml['apps']);
  const facts: [string, string][] = [
    ['grade', textOf(yaml['grade'])],
    ['epoch', epochOf(yaml['epoch'])],
    ...[...plugs].map(([name, { text: plug }]): [string, string] => [`plug ${name}`, plug]),
    ...[...slots].map(([name, { text: slot }]): [string, string] => [`slot ${name}`, slot]),
    ...servicesOf(yaml).map(([name, app]): [string, string] => [`service ${name}`, serviceText(app)]),
    ...named(yaml['hooks']).map(([name]): [string, string] => [`hook ${name}`, 'runs']),
    ...apps
      .filter(([, app]) => app['daemon'] === undefined)
      .map(([name, app]): [string, string] => [`app ${name}`, textOf(app['command'])]),
    ...aliasesOf(apps, declaration).map(([alias, app]): [string, string] => [`alias ${alias}`, app]),
    ...['layout', 'system-usernames'].flatMap((member) =>
      entries(yaml[member]).map(([name, value]): [string, string] => [`${member} ${name}`, lineOf(value)]),
    ),
    ['assumes', lineOf(yaml['assumes'])],
  ];
  return withoutEmpty(facts);
}

export function withoutEmpty(facts: readonly [string, string][]): ReadonlyMap<string, string> {
  return new Map(facts.filter(([, value]) => value !== ''));
}

export function servicesOf(yaml: Mapping): [string, Mapping][] {
  return named(yaml['apps']).filter(([, app]) => app['daemon'] !== undefined);
}

/**
 * Plugs and slots, as snapd counts them: those at the top, and those that an app or a hook names only, of the interface of that name.
 * @returns by name
 */
export function interfacesOf(yaml: Mapping): Record<'plugs' | 'slots', ReadonlyMap<string, Interface>> {
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
export function epochOf(epoch: JsonValue | undefined): string {
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

function entries(value: JsonValue | undefined): [string, JsonValue][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** The entries of a map whose values are maps; one without any is empty: a hook may say nothing. */
export function named(value: JsonValue | undefined): [string, Mapping][] {
  return entries(value).map(([name, each]) => [name, isJsonObject(each) ? each : {}]);
}

function namesIn(value: JsonValue | undefined): string[] {
  if (isJsonObject(value)) return Object.keys(value);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A value in one line. */
export function lineOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

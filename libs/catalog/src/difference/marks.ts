import { isJsonObject } from '../json-shape.js';
import type { HeaderValue } from '#snap';
import type { SnapFacts } from './facts.js';
import { isConnectedByDefault, isPrivileged } from './interfaces.js';
import type { Interface } from './yaml-facts.js';

/** Something that a person should look at twice before approving. */
export interface Mark {
  readonly code: MarkCode;
  readonly text: string;
}

export type MarkCode =
  | 'earlier-capture-missing'
  | 'doubtful-metadata'
  | 'privileged-interface'
  | 'connects-by-itself'
  | 'confinement'
  | 'new-hook'
  | 'new-service'
  | 'epoch'
  | 'base'
  | 'publisher'
  | 'size'
  | 'declaration';

/** A size that jumps: by this much at least, and by half of what it was. */
const JUMP_BYTES = 1024 * 1024;

/**
 * What to look at twice. Of what nothing was approved before, hooks and services are no news; what it may do by its plugs and its confinement is.
 * @param before what was approved before; undefined when upstream decided
 */
export function marksOf(before: SnapFacts | undefined, after: SnapFacts): readonly Mark[] {
  const readable = bothReadable(before, after);
  return [
    ...(before?.doubts ?? []).map((text) =>
      mark('doubtful-metadata', `of what was approved before, ${text}`),
    ),
    ...after.doubts.map((text) => mark('doubtful-metadata', text)),
    ...(readable ? changedPlugs(before, after).flatMap(([name, plug]) => plugMarks(name, plug, after)) : []),
    ...confinementMarks(before, after),
    ...(before ? changeMarks(before, after) : []),
    ...(before && readable ? yamlMarks(before, after) : []),
    ...(before ? declarationMarks(before, after) : []),
  ];
}

/** Where one snap.yaml cannot be read, nothing that is from it can be compared: all of the other's would seem new, or gone. */
export function bothReadable(before: SnapFacts | undefined, after: SnapFacts): boolean {
  return after.yaml !== null && before?.yaml !== null;
}

function changedPlugs(before: SnapFacts | undefined, after: SnapFacts): [string, Interface][] {
  return [...after.plugs].filter(([name, plug]) => before?.plugs.get(name)?.text !== plug.text);
}

function plugMarks(name: string, plug: Interface, { plugRules }: SnapFacts): Mark[] {
  const said = plug.interface === name ? name : `${name} (${plug.interface})`;
  if (isPrivileged(plug.interface)) {
    const text = `plug ${said}: an interface that gives much, which only a snap-declaration allows`;
    return [
      mark('privileged-interface', text),
      ...(connects(plugRules.get(plug.interface))
        ? [mark('connects-by-itself', `plug ${said}: its snap-declaration connects it by itself`)]
        : []),
    ];
  }
  if (connects(plugRules.get(plug.interface)))
    return [mark('connects-by-itself', `plug ${said}: its snap-declaration connects it by itself`)];
  if (isConnectedByDefault(plug.interface) && plugRules.get(plug.interface) === undefined)
    return [mark('connects-by-itself', `plug ${said}: snapd connects it by itself`)];
  return [];
}

/**
 * Whether a rule of a snap-declaration connects plugs by itself, at least some: what it says nothing of is allowed once there is a rule (snapd,
 * asserts/ifacedecls.go, baseCompileRule), and the rule alone is asked then. Constraints on either side leave some.
 */
function connects(rule: HeaderValue | undefined): boolean {
  if (rule === undefined) return false;
  if (!isJsonObject(rule)) return rule === 'true';
  return rule['allow-auto-connection'] !== 'false' && rule['deny-auto-connection'] !== 'true';
}

function confinementMarks(before: SnapFacts | undefined, { confinement }: SnapFacts): Mark[] {
  if (confinement === 'strict' || confinement === before?.confinement) return [];
  const from = before ? `${before.confinement} → ` : '';
  return [mark('confinement', `confinement ${from}${confinement}: not kept to itself by snapd`)];
}

function changeMarks(before: SnapFacts, after: SnapFacts): Mark[] {
  const differs = (what: 'base' | 'publisher') =>
    before[what] === after[what]
      ? []
      : [mark(what, `${what} ${before[what] || 'none'} → ${after[what] || 'none'}`)];
  return [...differs('publisher'), ...differs('base'), ...sizeMarks(before, after)];
}

function yamlMarks(before: SnapFacts, after: SnapFacts): Mark[] {
  const fresh = (what: 'hooks' | 'services') => [...after[what]].filter((name) => !before[what].has(name));
  const epoch = `epoch ${before.epoch} → ${after.epoch}: a device that has taken it may not be able to go back`;
  return [
    ...(before.epoch === after.epoch ? [] : [mark('epoch', epoch)]),
    ...fresh('services').map((name) => mark('new-service', `service ${name}: runs by itself from now on`)),
    ...fresh('hooks').map((name) => mark('new-hook', `hook ${name}: runs by itself, as root, from now on`)),
  ];
}

function sizeMarks({ size: old }: SnapFacts, { size }: SnapFacts): Mark[] {
  const jump = Math.abs(size - old);
  if (jump < JUMP_BYTES || jump * 2 < old) return [];
  return [mark('size', `size ${old} → ${size} bytes`)];
}

/** What the store lets the snap do without anybody's asking. */
function declarationMarks(before: SnapFacts, after: SnapFacts): Mark[] {
  const names = [...new Set([...before.said.keys(), ...after.said.keys()])];
  return names
    .filter((what) => what.startsWith('declared ') && before.said.get(what) !== after.said.get(what))
    .map((what) => {
      const now = after.said.has(what) ? 'says otherwise' : 'says nothing any more';
      return mark('declaration', `the snap-declaration ${now} of ${what.replace(/^declared /, '')}`);
    });
}

function mark(code: MarkCode, text: string): Mark {
  return { code, text };
}

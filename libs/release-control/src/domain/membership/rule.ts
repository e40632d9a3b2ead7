import { canonicalJson, readNetwork, type JsonValue } from '#kernel';
import { DEVICE_WORD, DEVICE_WORD_RULE } from '#snap';
import { ReleaseControlError } from '../errors.js';

/** Whom a rule is of: one device, those of a list that somebody imported, or all of a brand's model. By what a device's session proves. */
export type AskedMembers =
  | { readonly of: 'serial'; readonly brand: string; readonly model: string; readonly serial: string }
  | { readonly of: 'list'; readonly list: string }
  | { readonly of: 'model'; readonly brand: string; readonly model: string };

/** Fewer of them: what a device says by where it asks. It proves nothing, and so only ever takes devices out of a rule. */
export interface Narrowing {
  /** Devices that ask from this network, in CIDR notation. */
  readonly network?: string;
  /** Devices that ask the proxy by this name. */
  readonly host?: string;
}

export type AskedRule = AskedMembers & Narrowing;

/** A list as it was approved: a later version of it is another rule. */
interface PinnedList {
  readonly of: 'list';
  readonly list: string;
  readonly version: number;
  /** SHA-256, hex, of its devices. */
  readonly digest: string;
  /** How many devices. */
  readonly count: number;
}

/** Which devices are members of a ring. */
export type MembershipRule = (Exclude<AskedMembers, { of: 'list' }> | PinnedList) & Narrowing;

/** What a rule is called: what it is of, as people read it. A ring has one of each name. */
export function ruleName(rule: AskedRule | MembershipRule): string {
  const { network, host } = rule;
  const narrowed = `${network === undefined ? '' : ` in ${network}`}${host === undefined ? '' : ` at ${host}`}`;
  return `${membersText(rule)}${narrowed}`;
}

function membersText(rule: AskedRule | MembershipRule): string {
  switch (rule.of) {
    case 'serial':
      return `serial ${rule.brand}/${rule.model}/${rule.serial}`;
    case 'list':
      return `list ${rule.list}`;
    case 'model':
      return `model ${rule.brand}/${rule.model}`;
  }
}

export function sameMembers(a: MembershipRule | null, b: MembershipRule | null): boolean {
  return canonicalJson(a as JsonValue) === canonicalJson(b as JsonValue);
}

/** Its words, in the one way that they are compared in. @throws ReleaseControlError `invalid-items` */
export function checkRule(rule: AskedRule): AskedRule {
  requireMembers(rule);
  const { network, host, ...members } = rule;
  return {
    ...members,
    ...(network === undefined ? {} : { network: checkedNetwork(network) }),
    ...(host === undefined ? {} : { host: checkedHost(host) }),
  };
}

function requireMembers(rule: AskedRule): void {
  if (rule.of === 'list') {
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(rule.list)) throw invalid(`"${rule.list}" is the name of no list`);
    return;
  }
  const words = {
    brand: rule.brand,
    model: rule.model,
    ...(rule.of === 'serial' ? { serial: rule.serial } : {}),
  };
  for (const [what, word] of Object.entries(words))
    if (!DEVICE_WORD.test(word)) throw invalid(`the ${what} "${word}" ${DEVICE_WORD_RULE}`);
}

function checkedNetwork(text: string): string {
  const network = readNetwork(text);
  if (typeof network === 'string') throw invalid(network);
  return `${network.address}/${network.prefix}`;
}

/** Of a `Host` header, without a port (RFC 9110, 7.2). */
function checkedHost(text: string): string {
  const host = text.toLowerCase();
  if (/^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host)) return host;
  throw invalid(`"${text}" is no host name: write what proxy.store names, without a port`);
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-items', message);
}

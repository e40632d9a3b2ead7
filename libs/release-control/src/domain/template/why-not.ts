import { isSamePerson, type LinkedAccounts } from '#kernel';
import { frozenAt } from '../approval-policy/freeze.js';
import { sameExpiry } from '../change-request/hold-expiry.js';
import type { Choice, OverrideChange, ResolvedChange } from '../change-request/events.js';
import type { Difference } from '../change-request/difference.js';
import { soakWait, type SoakFacts } from '../change-request/soak.js';
import type { SignerNow } from '../signature.js';
import { subjectKey } from '../../release-target.js';
import { refText, type GrantedTemplate, type Template, type TemplateRef } from './template.js';

const DAY_MS = 86_400_000;

/** A use of a template, as it was signed and captured. */
export interface TemplateUse {
  readonly ref: TemplateRef;
  /** Who signed it, in which roles, after how many resets. */
  readonly signer: { readonly person: string; readonly roles: readonly string[]; readonly resets: number };
  readonly changes: readonly ResolvedChange[];
}

/** What the ring says of a template. */
export interface TemplateInRing {
  /** Null: none of that name is in force. */
  readonly granted: GrantedTemplate | null;
  /** When uses of it took effect, RFC 3339, UTC. */
  readonly usedAt: readonly string[];
  /** What of the changes is halted, blocked or denied in the ring, in words. */
  readonly withheld: readonly string[];
}

/** What else decides, of outside the ring. */
export interface TemplateFacts {
  /** Who signed the use, as they are now: signatures count by what holds now (ADR 0017). */
  readonly signerNow: SignerNow;
  /** How the ring of the soak stands, where the template asks for one. */
  readonly soak?: SoakFacts | undefined;
  /** Which accounts are of one person. */
  readonly linked?: LinkedAccounts | undefined;
}

/**
 * Why a use does not take effect by its template, in words; empty: it does. The one place that knows the limits: asked when a use was captured, and by the ring as it takes effect.
 * @param at RFC 3339, UTC: when it takes effect
 */
export function whyNotByTemplate(
  use: TemplateUse,
  { granted, usedAt, withheld }: TemplateInRing,
  { signerNow, soak, linked }: TemplateFacts,
  at: string,
): readonly string[] {
  const grant = whyNotGranted(use.ref, granted, at);
  if (granted === null || grant !== undefined) return [grant ?? 'it is not in force'];
  const { template, approvedBy } = granted;
  const { signer, changes } = use;
  return [
    ...(approvedBy.some(({ person }) => isSamePerson(person, signer.person, { linked }))
      ? ['who uses it is among those who approved it']
      : []),
    ...(mayUse(template, signer, signerNow)
      ? []
      : [`who uses it is not ${template.usedBy.join(' or ')} any more`]),
    ...whyNotNow(template, usedAt, at),
    ...withheld,
    ...(changes.length > template.mostTargets
      ? [`it changes ${changes.length} targets, at most ${template.mostTargets} at once`]
      : []),
    ...changes.flatMap((change) => whyNotChange(template, change)),
    ...whyNotSoaked(template, soak, changes, at),
  ];
}

/** Of a template that is not in force as it was signed for; undefined: it is. */
export function whyNotGranted(
  ref: TemplateRef,
  granted: GrantedTemplate | null,
  at: string,
): string | undefined {
  if (granted === null) return 'it is not in force: there was none, or it was withdrawn';
  if (granted.version !== ref.version) return `version ${granted.version} of it is in force`;
  return hasEnded(granted.template, at) ? `it ended at ${granted.template.until}` : undefined;
}

/** @param at RFC 3339 */
export function hasEnded({ until }: Template, at: string): boolean {
  return !(Date.parse(at) < Date.parse(until));
}

/** How many uses took effect within the days of its limit. @param usedAt when uses did @param at RFC 3339: the end of these days */
export function usesWithin({ uses }: Template, usedAt: readonly string[], at: string): number {
  const since = Date.parse(at) - uses.days * DAY_MS;
  return usedAt.filter((each) => Date.parse(each) > since).length;
}

function mayUse({ usedBy }: Template, signer: TemplateUse['signer'], now: SignerNow): boolean {
  if (now.resets !== signer.resets) return false;
  return usedBy.some((role) => signer.roles.includes(role) && now.roles.includes(role));
}

function whyNotNow(template: Template, usedAt: readonly string[], at: string): string[] {
  const { uses, hours } = template;
  const used = usesWithin(template, usedAt, at);
  const within = hours && frozenAt([{ ...hours, reason: 'hours', emergencies: 'wait' }], at) !== null;
  return [
    ...(used >= uses.most ? [`it was used ${used} times in ${uses.days} days, at most ${uses.most}`] : []),
    ...(hours && !within ? [`it is for ${hours.from} to ${hours.to} (${hours.zone}), and it is ${at}`] : []),
  ];
}

function whyNotChange(template: Template, change: ResolvedChange): string[] {
  if (change.kind !== undefined) return [`it changes more than a revision: ${change.kind}`];
  const { name, target, old, new: next } = change;
  const where = `${name} on ${target.channel} for ${target.architecture}`;
  const why = [
    ...whyNotNamed(template, change),
    ...(next === null ? ['is given back to upstream'] : whyNotNewer(old, next)),
    ...whyNotAlike(template, change.difference),
  ];
  return why.map((each) => `${where}: ${each}`);
}

function whyNotNamed({ snaps, channels, architectures }: Template, { target }: OverrideChange): string[] {
  const named = snaps.some((snap) => subjectKey(snap) === subjectKey(target));
  return [
    ...(named ? [] : [`no snap of the template has the id ${target.subject}`]),
    ...(channels === 'all' || channels.includes(target.channel)
      ? []
      : ['the template does not name the channel']),
    ...(architectures === 'all' || architectures.includes(target.architecture)
      ? []
      : ['the template does not name the architecture']),
  ];
}

/** Versions that are numbers, as a snap's revisions are: of others nobody can say which is newer. */
function whyNotNewer(old: Choice | null, next: Choice): string[] {
  if (old === null) return ['the ring does not hold it yet'];
  const newer = isNumber(old.version) && isNumber(next.version) && Number(next.version) > Number(old.version);
  return [
    ...(newer ? [] : [`revision ${next.version} is not newer than ${old.version}`]),
    ...(sameExpiry(old.expiry, next.expiry) ? [] : ['it would be held until another time than it is']),
  ];
}

function isNumber(version: string): boolean {
  return /^\d{1,15}$/.test(version);
}

/** Lines of these, whatever the marks: the format's words. */
const FIXED = /^(publisher|confinement|plug |slot )/;

function whyNotAlike({ passes }: Template, difference: Difference | undefined): string[] {
  if (difference === undefined) return ['nothing says how it differs'];
  const { lines, marks, omitted = 0 } = difference;
  return [
    ...(omitted > 0 ? ['not all that differs is in the record'] : []),
    ...lines.filter(({ what }) => FIXED.test(what)).map(({ what }) => `${what} changed`),
    ...marks.filter(({ code }) => !passes.includes(code)).map(({ code, text }) => `${code}: ${text}`),
  ];
}

/** As a ring's own rule of soak is read: of the same facts, and in the same words. */
function whyNotSoaked(
  { soak: rule }: Template,
  facts: SoakFacts | undefined,
  changes: readonly ResolvedChange[],
  at: string,
): string[] {
  if (rule === undefined) return [];
  if (facts === undefined) throw new Error(`nothing is known of how ring ${rule.ring} stands`);
  const wait = soakWait(rule, facts, { items: [], changes }, at);
  return wait === null ? [] : [wait.why];
}

/** The reasons as an event has room for them. */
export function reasonsText(ref: TemplateRef, reasons: readonly string[]): readonly string[] {
  const shown = reasons
    .slice(0, MOST_REASONS)
    .map((why) => `template ${refText(ref)} does not apply: ${why}`);
  return reasons.length > MOST_REASONS ? [...shown, `${reasons.length - MOST_REASONS} more reasons`] : shown;
}

const MOST_REASONS = 20;

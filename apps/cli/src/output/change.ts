import type {
  ChangeRecord,
  ChangeView,
  ChangeWindow,
  HaltToEnd,
  OverrideChange,
  PolicyChange,
  SaidOfChange,
  ShownSignature,
} from '../api/types.js';
import type { MembershipRule } from '../api/members-types.js';
import type { ApprovedTemplate, TemplateRef } from '../api/template-types.js';
import { templateText } from '../policy/template-text.js';
import { rulesText } from '../policy/approval-rules.js';
import { haltText } from './access.js';
import { attachmentsPart, recordAttachments } from './attachments.js';
import { versionText } from './choice.js';
import { itemText, ruleText } from './item.js';
import { gatesText, stagesText } from './plan.js';
import { standardChangeState } from './standard-change.js';
import { commentsText, earlierText, verificationText } from './change-life.js';
import { shortChannel } from './overrides.js';
import { actorText, reasonText } from './reason.js';
import { fields, shown, table } from './table.js';
import { waitText } from './waits.js';
import { ticketReportsText, ticketText } from './ticket.js';

/** What a signature is bound to, whole: each target, what it holds, what it shall hold, and the manifest that says what that is. */
export function recordText(record: ChangeRecord, digest: string): string {
  return `${fields(recordFields(record, digest))}\n${changesText(record)}`;
}

/** What a record says beside its items and changes. */
export function recordFields(
  record: SaidOfChange & { readonly submittedAt?: string },
  digest: string,
): (readonly [string, string])[] {
  return [
    ['Change', record.id],
    ['Ring', record.ring],
    ['Author', record.author.name],
    ...(record.submittedAt === undefined ? [] : [['Submitted', record.submittedAt] as const]),
    ['Reason', reasonText(record.reason)],
    ...(record.revision === undefined ? [] : [['Revision', String(record.revision)] as const]),
    ...(record.supersedes === undefined ? [] : [['Supersedes', record.supersedes] as const]),
    ...(record.ticket === undefined ? [] : [['Ticket', ticketText(record.ticket)] as const]),
    ...templateField(record.template),
    ...windowFields(record.window),
    ...(record.stages ?? []).map(
      (stage) => ['Then ring', `${stage.ring}, after ${gatesText(stage)}`] as const,
    ),
    ...recordAttachments(record),
    ['Digest', `sha256:${digest}`],
  ];
}

/** Everything that a signature is over, whatever its kind. */
function changesText({ ring, changes }: ChangeRecord): string {
  const overrides = changes.filter((change) => change.kind === undefined);
  const others = changes.filter((change) => change.kind !== undefined);
  return [
    ...(overrides.length > 0 ? [targetTable(overrides, ring)] : []),
    ...(others.length > 0 ? [policyTable(others)] : []),
    ...others.flatMap(takenText),
  ].join('\n');
}

/** Which rules of other rings lose devices. */
function takenText({ name, takesFrom = [] }: PolicyChange): string[] {
  return takesFrom.map((rule) => `${name ?? ''} takes devices from ${rule}\n`);
}

/** @param first the request's ring: of a plan, of each change that names no later one */
function targetTable(changes: readonly OverrideChange[], first: string): string {
  const ring = { header: 'Ring', cell: (row: OverrideChange) => row.ring ?? first };
  return table(changes, [
    ...(changes.some((change) => change.ring !== undefined) ? [ring] : []),
    { header: 'Name', cell: (row) => row.name },
    { header: 'Channel', cell: ({ target }) => shortChannel(target.channel) },
    { header: 'Arch', cell: ({ target }) => target.architecture },
    { header: 'Old', cell: (row) => versionText(row.old, row.new) },
    { header: 'New', cell: (row) => versionText(row.new, row.old) },
    { header: 'Subject', cell: ({ target }) => `${target.format}:${target.subject}` },
    { header: 'Manifest', cell: (row) => row.new && `sha256:${row.new.manifest}` },
  ]);
}

/** What a policy's change goes from and to, in words: of what, old, new. */
export function policyRows(changes: readonly PolicyChange[]): string[][] {
  return changes.map(({ kind, name, ring, old, new: now }) => [
    named(kind, name, ring),
    valueText(kind, old),
    valueText(kind, now),
  ]);
}

function policyTable(changes: readonly PolicyChange[]): string {
  return table(changes, [
    { header: 'Policy', cell: ({ kind, name, ring }) => named(kind, name, ring) },
    { header: 'Old', cell: (row) => valueText(row.kind, row.old) },
    { header: 'New', cell: (row) => valueText(row.kind, row.new) },
    { header: 'Subject', cell: ({ format, subject }) => subject && `${format}:${subject}` },
  ]);
}

function named(kind: string, name: string | undefined, ring: string | undefined): string {
  const of = name === undefined ? kind : `${kind} of ${name}`;
  return ring === undefined ? of : `${of} in ring ${ring}`;
}

function valueText(kind: string, value: PolicyChange['old']): string {
  if (isHalts(value)) return value.length === 0 ? 'not halted' : `halted ${value.map(haltText).join('; ')}`;
  if (kind === 'template') return isTemplate(value) ? templateText(value, true) : 'no template';
  if (kind === 'members') return isRule(value) ? ruleText(value) : 'no rule';
  if (
    kind === 'approval-policy' &&
    value !== null &&
    typeof value === 'object' &&
    !isRule(value) &&
    !isTemplate(value)
  )
    return rulesText(value, true);
  if (value === null) return kind === 'block' ? 'not blocked' : 'on no list';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Before the capture there are only the author's words. */
export function askedText({ items }: Pick<ChangeView, 'items'>): string {
  return items.map((item) => `asked for: ${itemText(item)}\n`).join('') + (items.length > 0 ? '\n' : '');
}

/** A request as it stands, and its history. */
export function changeText(view: ChangeView): string {
  const { status, record, recordDigest: digest } = view;
  const captured = record !== null && digest !== null;
  const facts = captured ? recordFields(record, digest) : draftFields(view);
  const by = view.supersededBy ? ` by ${view.supersededBy}` : '';
  const why = view.stoppedBecause ? `: ${view.stoppedBecause}` : '';
  const head = fields([...facts, ['Status', `${status}${by}${why}`], ...waitsField(view)]);
  const targets = captured ? `${changesText(record)}\n` : askedText(view);
  const failures = (view.failures ?? [])
    .map(({ code, message }) => `${shown(`refused: ${code}: ${message}`)}\n`)
    .join('');
  const history = table(view.history, [
    { header: 'Position', cell: (line) => line.position },
    { header: 'Time', cell: (line) => line.at },
    { header: 'By', cell: ({ actor }) => actorText(actor) },
    { header: 'Event', cell: (line) => line.type },
    { header: 'Why', cell: (line) => reasonText(line.reason) },
  ]);
  const verified = view.verification ? `${verificationText(status, view.verification)}\n` : '';
  return `${head}\n${targets}${failures}${emergencyState(view)}${standardChangeState(view)}${stagesText(view.stages)}${signaturesText(view)}${ticketReportsText(view)}${attachmentsPart(view)}${earlierText(view)}${verified}${commentsText(view)}${history}`;
}

function waitsField({ status, waits }: ChangeView): (readonly [string, string])[] {
  if (!waits) return [];
  return [[status === 'scheduled' ? 'Waits for' : 'Would wait for', waitText(waits)]];
}

/** Of what took effect before it was approved, how that stands. */
function emergencyState({ emergency }: ChangeView): string {
  if (!emergency) return '';
  const { ratification, record, soakPassedOver } = emergency;
  const until = ratification === 'open' ? `, to be ratified by ${record.ratifyBy} or the ring is halted` : '';
  const soak = !soakPassedOver ? '' : `${shown(`soak passed over: ${soakPassedOver}`)}\n`;
  return `emergency: released before it was approved; ratification ${ratification}${until}\n${soak}\n`;
}

/** Each signature with the printed name, date and time, and meaning (R17), and what the ring's approval policy still asks for. */
export function signaturesText({ signatures, missing }: Pick<ChangeView, 'signatures' | 'missing'>): string {
  const signed = table(signatures, [
    { header: 'Signed by', cell: (row) => row.printedName },
    { header: 'Date and time', cell: (row) => row.signedAt },
    { header: 'Meaning', cell: (row) => meaningText(row) },
    { header: 'In the role', cell: (row) => row.roles?.join(', ') },
    { header: 'Approval policy', cell: (row) => versionOf(row) },
  ]);
  const needed = missing.map((what) => `needed: ${what}\n`).join('');
  return [...(signatures.length > 0 ? [signed] : []), ...(needed === '' ? [] : [needed])]
    .map((part) => `${part}\n`)
    .join('');
}

const MEANINGS: Readonly<Record<ShownSignature['meaning'], string>> = {
  authored: 'authored',
  reviewed: 'reviewed',
  approved: 'approved',
  rejected: 'rejected',
  released: 'released under the pre-authorisation',
  ratified: 'ratified the release',
  'ratification-refused': 'refused to ratify the release',
  'released-by-template': 'released by a template that others approved',
};

function meaningText({ meaning, counts }: ShownSignature): string {
  if (!counts && meaning === 'authored') return 'authored (void: the request was changed since)';
  return counts
    ? MEANINGS[meaning]
    : `${MEANINGS[meaning]} (does not count: disabled, reset or without the role since, or signed again)`;
}

function versionOf({ policyVersion }: ShownSignature): string | undefined {
  return policyVersion === undefined ? undefined : `version ${policyVersion}`;
}

function draftFields(view: ChangeView): (readonly [string, string])[] {
  return [
    ['Change', view.id],
    ['Ring', view.ring],
    ['Author', view.author.name],
    ['Reason', reasonText(view.reason)],
    ...templateField(view.standardChange?.template),
    ...windowFields(view.window),
  ];
}

function templateField(ref: TemplateRef | undefined): (readonly [string, string])[] {
  return ref === undefined ? [] : [['Template', `${ref.name}@${ref.version}`]];
}

function windowFields({ notBefore, notAfter }: ChangeWindow = {}): (readonly [string, string])[] {
  return [
    ...(notBefore === undefined ? [] : [['Not before', notBefore] as const]),
    ...(notAfter === undefined ? [] : [['Not after', notAfter] as const]),
  ];
}

function isHalts(value: PolicyChange['old']): value is readonly HaltToEnd[] {
  return Array.isArray(value);
}

function isTemplate(value: PolicyChange['old']): value is ApprovedTemplate {
  return value !== null && typeof value === 'object' && 'usedBy' in value;
}

function isRule(value: PolicyChange['old']): value is MembershipRule {
  return value !== null && typeof value === 'object' && 'of' in value;
}

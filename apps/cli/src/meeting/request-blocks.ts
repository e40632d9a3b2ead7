import type { ChangeView, Choice, OverrideChange, ShownSignature } from '../api/types.js';
import { endText } from '../output/choice.js';
import { recordAttachments } from '../output/attachments.js';
import { policyRows } from '../output/change.js';
import { standardChangeLines } from '../output/standard-change.js';
import { gatesText } from '../output/plan.js';
import { actorText, reasonText } from '../output/reason.js';
import { waitText } from '../output/waits.js';
import { ticketText } from '../output/ticket.js';
import { amendedBlocks, amendedFields } from './amended-blocks.js';
import type { Block } from './paper.js';
import { timeText } from './times.js';
import { signingRulesLines } from '../output/signing-rules.js';

/** A request as the board reads it on paper: what is asked, how versions differ, and who signed with which meaning (R17, R18); and what of it is not as it was first entered (R11). */
export function requestBlocks(view: ChangeView, zone: string): readonly Block[] {
  const { record, recordDigest, status, ring, author, reason } = view;
  const amended = amendedFields(view);
  const facts: readonly (readonly [string, string])[] = [
    ['Status', status],
    ['Ring', ring],
    ['Author', author.name],
    [amended.has('Reason') ? 'Reason (amended)' : 'Reason', reasonText(reason)],
    ['Amended', amendedText(view, amended)],
    ...(view.waits ? [['If approved, waits for', waitText(view.waits)] as const] : []),
    ...(view.emergency?.soakPassedOver ? [['Soak passed over', view.emergency.soakPassedOver] as const] : []),
    ...(record?.ticket === undefined
      ? []
      : [[amended.has('Ticket') ? 'Ticket (amended)' : 'Ticket', ticketText(record.ticket)] as const]),
    ...(record === null ? [] : recordAttachments(record)),
    ['Submitted', record ? timeText(record.submittedAt, zone) : 'not captured'],
    ...(record?.stages ?? []).map(
      (stage) => ['Then ring', `${stage.ring}, after ${gatesText(stage)}`] as const,
    ),
    ['Record', recordDigest === null ? 'none' : `sha256:${recordDigest}`],
  ];
  const changes = record?.changes ?? [];
  const overrides = changes.filter((change): change is OverrideChange => change.kind === undefined);
  const others = changes.filter((change) => change.kind !== undefined);
  return [
    { kind: 'heading', text: view.id },
    { kind: 'facts', facts },
    ...(overrides.length > 0 ? [targets(overrides, ring)] : []),
    ...(others.length > 0 ? [policies(others)] : []),
    ...differences(overrides),
    ...signatures(view, zone),
    ...amendedBlocks(view, zone),
  ];
}

function amendedText({ earlier = [] }: ChangeView, fields: ReadonlySet<string>): string {
  if (earlier.length === 0) return 'not since it was first entered';
  const what = fields.size === 0 ? 'as first entered again' : [...fields].join(', ');
  return `${earlier.length === 1 ? 'once' : `${earlier.length} times`} since it was first entered: ${what}; below with old and new values`;
}

function targets(changes: readonly OverrideChange[], first: string): Block {
  const inRings = changes.some(({ ring }) => ring !== undefined);
  return {
    kind: 'table',
    table: {
      columns: [
        { header: 'Snap', share: 3 },
        ...(inRings ? [{ header: 'Ring', share: 2 }] : []),
        { header: 'Channel', share: 3 },
        { header: 'Architecture', share: 2 },
        { header: 'Old', share: 2 },
        { header: 'New', share: 2 },
      ],
      rows: changes.map(({ name, ring = first, target, old, new: now }) => [
        name,
        ...(inRings ? [ring] : []),
        target.channel,
        target.architecture,
        versionOf(old),
        versionOf(now),
      ]),
    },
  };
}

function versionOf(choice: Choice | null): string {
  if (choice === null) return 'upstream';
  return choice.expiry ? `${choice.version} ${endText(choice.expiry)}` : choice.version;
}

function policies(changes: Parameters<typeof policyRows>[0]): Block {
  return {
    kind: 'table',
    table: {
      columns: [
        { header: 'Policy', share: 2 },
        { header: 'Old', share: 3 },
        { header: 'New', share: 3 },
      ],
      rows: policyRows(changes),
    },
  };
}

/** Each difference once, though several architectures have it. */
function differences(changes: readonly OverrideChange[]): Block[] {
  const groups = Map.groupBy(
    changes.filter(({ difference }) => difference !== undefined),
    ({ name, new: now, difference }) => JSON.stringify([name, now?.version, difference]),
  );
  return [...groups.values()].flatMap(([change]): Block[] => {
    if (!change?.difference) return [];
    const { lines, marks, omitted = 0 } = change.difference;
    if (lines.length === 0 && marks.length === 0 && omitted === 0) return [];
    const of = `${change.name} ${change.new?.version ?? ''}`;
    const twice = marks.map(({ text }): Block => ({ kind: 'text', text: `Look twice: ${of}: ${text}` }));
    const more =
      omitted > 0 ? [`${omitted} lines or marks of ${of} are not in the record, or not whole`] : [];
    const columns = [
      { header: `What differs: ${of}`, share: 3 },
      { header: 'Old', share: 4 },
      { header: 'New', share: 4 },
    ];
    const rows = lines.map(({ what, old, new: now }) => [what, old ?? '-', now ?? '-']);
    return [
      ...twice,
      { kind: 'table', table: { columns, rows } },
      ...more.map((text): Block => ({ kind: 'text', text })),
    ];
  });
}

function signatures(
  { signatures: all, missing, standardChange = null, history }: ChangeView,
  zone: string,
): Block[] {
  const columns = [
    { header: 'Signed by', share: 3 },
    { header: 'Date, time and zone', share: 5 },
    { header: 'Meaning', share: 3 },
    { header: 'In the role, by policy', share: 3 },
  ];
  const table = { columns, rows: all.map((signature) => signatureRow(signature, zone)) };
  const under = signingRulesLines(all).map((text): Block => ({ kind: 'text', text }));
  const needed = missing.map((what): Block => ({ kind: 'text', text: `Needed: ${what}` }));
  const last = history.at(-1);
  const state = last
    ? [`State as of position ${last.position}: ${last.type} by ${actorText(last.actor)}`]
    : [];
  return [
    ...(all.length > 0 ? [{ kind: 'table', table } as const] : []),
    ...under,
    ...needed,
    ...standardChangeLines({ standardChange }).map((text): Block => ({ kind: 'text', text })),
    ...state.map((text): Block => ({ kind: 'text', text })),
  ];
}

function signatureRow(
  { printedName, signedAt, meaning, counts, roles, policyVersion }: ShownSignature,
  zone: string,
): string[] {
  const under = [roles?.join(', '), policyVersion === undefined ? undefined : `version ${policyVersion}`];
  return [
    printedName,
    timeText(signedAt, zone),
    counts ? meaning : `${meaning} (does not count)`,
    under.filter(Boolean).join(', ') || '-',
  ];
}

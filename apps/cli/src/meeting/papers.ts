import { recordDigest, type JsonValue } from '#kernel';
import type { Overdue, OverdueHold } from '../api/hold-types.js';
import type { AuditedEvent, ChangeView } from '../api/types.js';
import { actorText, reasonText } from '../output/reason.js';
import type { Block, Paper } from './paper.js';
import { requestBlocks } from './request-blocks.js';
import { timeText } from './times.js';

/** For how many days it waits is of the day that a paper is made on, and not in it. */
type Update = Omit<Overdue['updates'][number], 'days'>;

/** What a meeting hears of besides the requests. */
export interface OtherMatters {
  /** Holds that wait to be evaluated. */
  readonly overdue: readonly OverdueHold[];
  /** What was taken on, and is not applied. */
  readonly updates: readonly Update[];
  /** Rings in which one person signs a hold without an end. */
  readonly oneSignature: readonly string[];
}

/** What a meeting decides on: the requests that wait for signatures, the oldest first. */
export function agenda(
  site: string,
  zone: string,
  requests: readonly ChangeView[],
  { overdue, updates, oneSignature }: OtherMatters,
): Paper {
  const last = requests.flatMap(({ history }) => history.map(({ at }) => at));
  return {
    title: `Agenda: ${site}`,
    at: newest([...last, ...overdue.map(({ at }) => at), ...updates.map(({ since }) => since)]),
    digest: digestOf('agenda', site, { requests, overdue, updates, oneSignature }),
    blocks: [
      { kind: 'text', text: waiting(requests.length) },
      ...oneSignatureBlocks(oneSignature),
      ...overdueBlocks(overdue),
      ...updateBlocks(updates),
      ...requests.flatMap((view) => requestBlocks(view, zone)),
    ],
  };
}

/** What was decided in a period: each decision as it is in the record, and the requests that they are of. */
export function minutes(
  site: string,
  period: { readonly from: string; readonly to: string },
  {
    decisions,
    requests,
  }: { readonly decisions: readonly AuditedEvent[]; readonly requests: readonly ChangeView[] },
): Paper {
  const zone = decisions.at(-1)?.zone ?? 'Etc/UTC';
  return {
    title: `Minutes: ${site}, ${period.from} to ${period.to}`,
    at: newest([
      ...decisions.map(({ at }) => at),
      ...requests.flatMap(({ history }) => history.map(({ at }) => at)),
    ]),
    digest: digestOf('minutes', site, { period, decisions, requests }),
    blocks: [
      { kind: 'text', text: `${decisions.length} decisions on ${requests.length} change requests.` },
      ...(decisions.length > 0 ? [decisionTable(decisions)] : []),
      ...requests.flatMap((view) => requestBlocks(view, zone)),
    ],
  };
}

/** One request, whole. */
export function requestPaper(site: string, zone: string, view: ChangeView): Paper {
  return {
    title: `Change request ${view.id}: ${site}`,
    at: newest(view.history.map(({ at }) => at)),
    digest: digestOf('change-request', site, view),
    blocks: requestBlocks(view, zone),
  };
}

/** That somebody holds a revision without saying until when takes a second signature only where the ring asks for it (R38). */
function oneSignatureBlocks(rings: readonly string[]): readonly Block[] {
  if (rings.length === 0) return [];
  const text = `One signature is enough for a hold without an end, by the approval policy of ${rings.length === 1 ? 'ring' : 'rings'} ${rings.join(', ')}.`;
  return [{ kind: 'text', text }];
}

/** What is held back for so long that somebody has to say whether it stays. */
function overdueBlocks(overdue: readonly OverdueHold[]): readonly Block[] {
  if (overdue.length === 0) return [];
  const text =
    overdue.length === 1
      ? '1 hold is older than upstream for too long, and waits to be evaluated.'
      : `${overdue.length} holds are older than upstream for too long, and wait to be evaluated.`;
  const table = {
    columns: [
      { header: 'Ring', share: 3 },
      { header: 'Held', share: 4 },
      { header: 'Channel', share: 4 },
      { header: 'Upstream had', share: 3 },
      { header: 'Behind since', share: 4 },
      { header: 'Days', share: 2 },
    ],
    rows: overdue.map(({ ring, name, version, channel, architecture, upstream, since, days }) => [
      ring,
      `${name} ${version}`,
      `${channel} ${architecture}`,
      upstream,
      since.slice(0, 10),
      String(days),
    ]),
  };
  return [
    { kind: 'text', text },
    { kind: 'table', table },
  ];
}

/** What somebody found to apply, and a ring does not have, for as long. */
function updateBlocks(updates: readonly Update[]): readonly Block[] {
  if (updates.length === 0) return [];
  const text =
    updates.length === 1
      ? '1 update was taken on long ago, and is not applied.'
      : `${updates.length} updates were taken on long ago, and are not applied.`;
  const table = {
    columns: [
      { header: 'Ring', share: 3 },
      { header: 'Update', share: 4 },
      { header: 'Channel', share: 4 },
      { header: 'Request', share: 4 },
      { header: 'Taken on', share: 3 },
    ],
    rows: updates.map(({ ring, name, version, channel, architecture, changeRequest, status, since }) => [
      ring,
      `${name} ${version}`,
      `${channel} ${architecture}`,
      `${changeRequest}, ${status}`,
      since.slice(0, 10),
    ]),
  };
  return [
    { kind: 'text', text },
    { kind: 'table', table },
  ];
}

function decisionTable(decisions: readonly AuditedEvent[]): Block {
  return {
    kind: 'table',
    table: {
      columns: [
        { header: 'Position', share: 2 },
        { header: 'Date, time and zone', share: 5 },
        { header: 'By', share: 3 },
        { header: 'Decision', share: 4 },
        { header: 'Request', share: 3 },
        { header: 'Why', share: 5 },
      ],
      rows: decisions.map(({ position, at, zone, actor, type, stream, reason }) => [
        position,
        timeText(at, zone),
        actorText(actor),
        type,
        stream.replace(/^change-request\//, ''),
        reasonText(reason),
      ]),
    },
  };
}

function waiting(count: number): string {
  if (count === 0) return 'No change request waits for signatures.';
  return count === 1
    ? '1 change request waits for signatures.'
    : `${count} change requests wait for signatures.`;
}

/** Of nothing that ever happened it is the beginning of time: a paper has no date of its own. */
function newest(times: readonly string[]): string {
  return times.reduce((last, at) => (at > last ? at : last), '1970-01-01T00:00:00.000Z');
}

function digestOf(paper: string, site: string, data: unknown): string {
  return recordDigest({ paper, site, data } as unknown as JsonValue);
}

import { isDeepStrictEqual } from 'node:util';
import type { Findings } from '../findings.js';
import type { Item } from '../load/board.js';
import type { Entry } from '../load/record.js';
import type { Happened } from './history.js';

/** The event that a command leaves, once. */
const EVENT = {
  draft: 'ChangeDrafted',
  submit: 'ChangeSubmitted',
  withdraw: 'ChangeWithdrawn',
  approve: 'ChangeApproved',
  reject: 'ChangeRejected',
} as const;

/**
 * Every command against the event store: what was acknowledged is there, once, as it was given, where its cursor says; what was refused
 * is not; of what nobody knows there is at most one.
 */
export function compareCommands(
  entries: readonly Entry[],
  events: readonly Happened[],
  findings: Findings,
): void {
  const byTag = new Map<string, Happened[]>();
  for (const happened of events) {
    const { actor, reason } = happened.envelope;
    if (actor.kind !== 'person' || reason.ticket === undefined) continue;
    byTag.set(reason.ticket, [...(byTag.get(reason.ticket) ?? []), happened]);
  }
  for (const entry of entries) compareCommand(entry, byTag.get(entry.tag) ?? [], findings);
  const given = new Set(entries.map(({ tag }) => tag));
  for (const tag of byTag.keys())
    findings.expect(given.has(tag), `${tag} is in the record, and nobody asked for it`);
}

function compareCommand(entry: Entry, found: readonly Happened[], findings: Findings): void {
  const { command, outcome, tag } = entry;
  const appends = new Set(found.map(({ cursor }) => cursor));
  const what = `${command} ${tag} (${JSON.stringify(outcome)})`;
  switch (outcome.kind) {
    case 'unknown':
      findings.expect(appends.size <= 1, `${what} was applied ${appends.size} times`);
      return;
    case 'refused':
      findings.expect(appends.size === 0, `${what} was refused, and is in the record`);
      return;
    case 'acknowledged': {
      findings.expect(
        appends.size === 1,
        `${what} was acknowledged, and is ${appends.size} times in the record`,
      );
      const event = found.find(({ envelope }) => envelope.type === EVENT[command]);
      if (!event) return findings.add(`${what} left no ${EVENT[command]}`);
      findings.expect(event.cursor === outcome.cursor, `${what} stands at ${event.cursor}`);
      const { stream, data } = event.envelope;
      findings.expect(stream === `change-request/${outcome.id}`, `${what} stands in ${stream}`);
      findings.expect(isAsGiven(entry, data as never), `${what} stands otherwise: ${JSON.stringify(data)}`);
    }
  }
}

interface Data {
  readonly items?: readonly {
    readonly name: string;
    readonly channel: string;
    readonly version: string | null;
  }[];
  readonly signature?: { readonly recordDigest: string };
}

function isAsGiven({ command, content }: Entry, { items, signature }: Data): boolean {
  switch (command) {
    case 'draft': {
      const asked = (content as { items: readonly Item[] }).items.map(({ snap, channel, revision }) => ({
        name: snap,
        channel,
        version: revision === null ? null : String(revision),
      }));
      return isDeepStrictEqual(
        items?.map(({ name, channel, version }) => ({ name, channel, version })),
        asked,
      );
    }
    case 'approve':
    case 'reject':
      return signature?.recordDigest === (content as { recordDigest: string }).recordDigest;
    case 'submit':
    case 'withdraw':
      return true;
  }
}

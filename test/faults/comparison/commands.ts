import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Findings } from '../findings.js';
import type { Item } from '../load/board.js';
import { tagIn, type CommandName, type Entry } from '../load/record.js';
import type { Happened } from './history.js';

/** The event that a command leaves, once: one of these. */
const EVENT: Readonly<Record<CommandName, readonly string[]>> = {
  draft: ['ChangeDrafted'],
  submit: ['ChangeSubmitted'],
  withdraw: ['ChangeWithdrawn'],
  approve: ['ChangeApproved'],
  reject: ['ChangeRejected'],
  revise: ['ChangeRevised'],
  comment: ['ChangeCommented'],
  attach: ['AttachmentAdded'],
  release: ['EmergencyReleased'],
  ratify: ['RatificationSigned', 'EmergencyRatified'],
  verify: ['StageVerified'],
  recall: ['PlanStopped'],
};

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
    const { actor, data, reason } = happened.envelope;
    const said = (data as { readonly text?: string }).text;
    const tag = reason.ticket ?? tagIn(reason.text, said);
    if (actor.kind !== 'person' || tag === undefined) continue;
    byTag.set(tag, [...(byTag.get(tag) ?? []), happened]);
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
      const event = found.find(({ envelope }) => EVENT[command].includes(envelope.type));
      if (!event) return findings.add(`${what} left no ${EVENT[command].join(' or ')}`);
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
  readonly attachment?: string;
  readonly ring?: string;
}

function isAsGiven({ command, content }: Entry, data: Data): boolean {
  const { items, signature } = data;
  switch (command) {
    case 'draft':
    case 'revise': {
      const given = content as { readonly items: readonly (Item | { readonly kind: string })[] };
      const asked = given.items.flatMap((item) =>
        'kind' in item ? [] : [{ name: item.snap, channel: item.channel, version: versionOf(item) }],
      );
      // Who is on call is none of what is compared by versions.
      if (asked.length < given.items.length) return items?.length === given.items.length;
      return isDeepStrictEqual(
        items?.map(({ name, channel, version }) => ({ name, channel, version })),
        asked,
      );
    }
    case 'approve':
    case 'reject':
    case 'release':
    case 'ratify':
      return signature?.recordDigest === (content as { recordDigest: string }).recordDigest;
    case 'attach': {
      const { text } = content as { readonly text: string };
      return data.attachment === createHash('sha256').update(text).digest('hex');
    }
    case 'verify':
      return data.ring === (content as { readonly ring: string }).ring;
    case 'submit':
    case 'withdraw':
    case 'comment':
    case 'recall':
      return true;
  }
}

function versionOf({ revision }: Item): string | null {
  return revision === null ? null : String(revision);
}

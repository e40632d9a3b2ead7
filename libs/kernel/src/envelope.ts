import { canonicalJson, type JsonObject, type JsonValue } from './canonical-json.js';
import { KernelError } from './errors.js';
import type { LinkedAccounts } from './linked-accounts.js';
import { isText } from './text.js';

/** A person who acted, with the roles held at that moment and the way they proved who they are (R03). */
export interface PersonActor {
  readonly kind: 'person';
  readonly id: string;
  readonly name: string;
  /** `approver` in every ring, `approver@pilot` in that one alone: `rolesIn` says which hold where. */
  readonly roles: readonly string[];
  /**
   * `password` at this very command, `security-key` or `single-sign-on` in its place, `session` for one opened before, `commissioning` on the host at first start.
   */
  readonly auth: 'password' | 'security-key' | 'single-sign-on' | 'session' | 'commissioning';
}

/** A server that acted, and the record it acted for. */
export interface ServiceActor {
  readonly kind: 'service';
  readonly id: string;
  readonly for: string;
}

/** A program that acted under a token, and the person whose token it is, who answers for it, with the roles held at that moment. */
export interface TokenActor {
  readonly kind: 'token';
  readonly id: string;
  readonly name: string;
  readonly owner: { readonly id: string; readonly name: string; readonly roles: readonly string[] };
}

export type Actor = PersonActor | ServiceActor | TokenActor;

/** Who acted, in a few words, for messages: a service has its id alone. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.name;
    case 'service':
      return actor.id;
    case 'token':
      return `token ${actor.name} of ${actor.owner.name}`;
  }
}

/** Why something was done. `code` is its kind, a word that the site chooses, `text` is the person's own words, `ticket` names an outside record. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  readonly ticket?: string;
  /** The token whose standing reason this is: registered when the token was issued, and not given for this act. */
  readonly standing?: { readonly token: string; readonly name: string };
}

/** What every command carries besides its own data. `decide` takes time and identity from here and from nowhere else. */
export interface CommandContext {
  /** The server's clock, RFC 3339 UTC with milliseconds. */
  readonly at: string;
  readonly actor: Actor;
  readonly reason: Reason;
  /** The command's id, or the id of the event that a reactor answers. */
  readonly cause: string;
  /** One id from the request at the edge to the last event that follows from it. */
  readonly correlation: string;
  /** Ids of the events that authorised this one, such as the approval that an override is applied under. */
  readonly authorisedBy: readonly string[];
  /** Which accounts are of one person: put in where commands are decided, of that moment, and no part of the event. Absent: nothing is known of any. */
  readonly linked?: LinkedAccounts;
}

/** An event as stored, hashed, exported and verified. Positions are not in it: the ledger's index is. */
export interface EventEnvelope<Type extends string = string, Data extends JsonValue = JsonValue> {
  readonly id: string;
  readonly type: Type;
  /** Version of `data`'s shape, from 1. */
  readonly v: number;
  readonly stream: string;
  /** The event's number in its stream, from "0". Decimal string, since it may pass 2^53. */
  readonly streamRevision: string;
  /** [i, n]: the i-th (from 1) of the n events of one append. */
  readonly part: readonly [number, number];
  readonly at: string;
  /** IANA name of the site's zone, and its offset at `at` (R07). */
  readonly zone: string;
  readonly offset: string;
  readonly actor: Actor;
  readonly authorisedBy: readonly string[];
  readonly reason: Reason;
  readonly cause: string;
  readonly correlation: string;
  readonly data: Data;
}

/** tlog-tiles entry bundles give the length in two bytes; what is larger is a blob named by digest. */
export const MAX_EVENT_BYTES = 65_535;

const utf8 = new TextEncoder();

/**
 * The exact bytes of an event: RFC 8785, UTF-8. They are the record and the ledger's leaf; nothing re-serialises them.
 * @throws KernelError `not-text`, `not-canonical`, `event-too-large`
 */
export function encodeEvent(event: EventEnvelope): Uint8Array {
  const bytes = utf8.encode(textOf(event));
  if (bytes.length > MAX_EVENT_BYTES) {
    throw new KernelError(
      'event-too-large',
      `${event.type} in ${event.stream} has ${bytes.length} bytes, at most ${MAX_EVENT_BYTES} fit; keep large payloads as blobs`,
    );
  }
  return bytes;
}

/** As {@link canonicalJson}. A U+0000 would stop every projection that has a column for it, and events cannot be taken back. */
function textOf(event: EventEnvelope): string {
  const value = event as unknown as JsonObject;
  let text: string;
  try {
    text = canonicalJson(value);
  } catch (error) {
    throw isText(value) ? error : notText(event);
  }
  // It is written like this, and so is a backslash of somebody's with these characters behind it.
  if (text.includes('\\u0000') && !isText(value)) throw notText(event);
  return text;
}

function notText({ type, stream }: EventEnvelope): KernelError {
  return new KernelError('not-text', `${type} in ${stream} holds U+0000 or half a surrogate pair`);
}

/**
 * Reads an event's bytes. Checks the envelope, not `data`: each context reads its own.
 * @throws KernelError `malformed-event`
 */
export function decodeEvent(bytes: Uint8Array): EventEnvelope {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new KernelError('malformed-event', 'an event is not JSON in UTF-8', { cause });
  }
  const missing = missingMember(value);
  if (missing)
    throw new KernelError('malformed-event', `an event lacks ${missing}, or has it in another form`);
  return value as EventEnvelope;
}

const STRING_MEMBERS = [
  'id',
  'type',
  'stream',
  'streamRevision',
  'at',
  'zone',
  'offset',
  'cause',
  'correlation',
] as const;

function missingMember(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'its members';
  const members = value as Record<string, unknown>;
  const string = STRING_MEMBERS.find((name) => typeof members[name] !== 'string');
  if (string) return string;
  if (!/^(0|[1-9][0-9]*)$/.test(members['streamRevision'] as string)) return 'streamRevision';
  if (typeof members['v'] !== 'number') return 'v';
  if (!isPart(members['part'])) return 'part';
  if (!Array.isArray(members['authorisedBy'])) return 'authorisedBy';
  return (
    ['actor', 'reason'].find((name) => typeof members[name] !== 'object' || members[name] === null) ??
    ('data' in members ? undefined : 'data')
  );
}

function isPart(part: unknown): boolean {
  return (
    Array.isArray(part) &&
    part.length === 2 &&
    part.every(Number.isInteger) &&
    part[0] >= 1 &&
    part[0] <= part[1]
  );
}

import type { ClientBase } from 'pg';
import { cursorAt } from '#event-store/decimal-cursor';
import type { EventEnvelope } from '#kernel';
import { HOUR_MS, REMEMBERED_HOURS } from './remembered.js';

/** A UUIDv8 (RFC 9562, 5.8): the id of a command that was given with an `Idempotency-Key`. */
const KEYED = /^[0-9a-f]{8}-[0-9a-f]{4}-8/;

interface Given {
  readonly command: string;
  readonly actor: string;
  /** A cursor of the store in PostgreSQL, before whatever the command appended; null: the beginning. */
  readonly after: string | null;
  readonly at: string;
}

/**
 * The commands of the last day that were given with an `Idempotency-Key`, as a history says: for a database that is filled from one, so that whoever asks again does not do it twice (ADR 30). What
 * was answered, and what was asked, is not in a history.
 */
export class GivenInHistory {
  private readonly given = new Map<string, Given>();
  private readonly since: string;

  /** @param now RFC 3339, UTC */
  constructor(now: string) {
    this.since = new Date(Date.parse(now) - REMEMBERED_HOURS * HOUR_MS).toISOString();
  }

  take({ cause, actor, at }: EventEnvelope, position: bigint): void {
    if (at < this.since || !KEYED.test(cause) || this.given.has(cause)) return;
    const after = position === 0n ? null : cursorAt(position - 1n);
    this.given.set(cause, { command: cause, actor: actor.id, after, at });
  }

  /** Writes what `requests.taken` does not know yet; as its owner. */
  async remember(client: ClientBase): Promise<void> {
    await client.query(
      `insert into requests.taken (command, actor, fingerprint, after, taken_at)
       select command, actor, '', after, at
       from jsonb_to_recordset($1) as given (command uuid, actor text, after text, at timestamptz)
       on conflict (command) do nothing`,
      [JSON.stringify([...this.given.values()])],
    );
  }
}

import type { EventEnvelope } from '#kernel';
import type { DeliveriesRecorded, DeviceMark } from '#fleet/published';
import { UpstreamError } from '#upstream/published';
import { upstreamSnap, upstreamSnapStream } from '../../domain/upstream-snap/upstream-snap.js';
import { because } from '../../sync/sync-context.js';
import type { LookReactorPorts } from '../look-at-watched-snap/reactor.js';

/** Looks within an hour, at snaps that devices name whose serial the store has accepted, and at those that any others name: who may say anything, may make up ids. */
const MOST_LOOKS = { proved: 500, others: 100 } as const;
/** Ids that need no look any more, or could not have one; beyond, their streams are read again. */
const MOST_REMEMBERED = 10_000;
const SNAP_ID = /^[A-Za-z0-9]{32}$/;
const HOUR_MS = 3_600_000;

type Trust = keyof typeof MOST_LOOKS;

/**
 * A first look at a snap that a device has: devices say ids, people and change requests say names, and the snap's declaration knows both.
 * It does not become watched. While upstream is away the ids wait in memory for the next report of any device; after a restart of the worker, for
 * the next report that names them.
 */
export function lookAtReportedReactor({ writer, observer, clock, signal }: LookReactorPorts) {
  const settled = new Set<string>();
  const waiting = new Map<string, Trust>();
  let hour = -1;
  let looks = { proved: 0, others: 0 };

  return {
    name: 'look-at-reported-snaps',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type !== 'DeliveriesRecorded') return;
      const { records } = envelope.data as unknown as DeliveriesRecorded['data'];
      for (const record of records) {
        if (record.what !== 'installed') continue;
        const trust = trustIn(record.device);
        for (const { snapId } of record.snaps) note(snapId, trust);
      }
      enterHour();
      for (const [snapId, trust] of waiting) {
        signal.throwIfAborted();
        if (looks[trust] >= MOST_LOOKS[trust]) continue;
        if (!(await isSettled(snapId)) && !(await look(envelope, snapId, trust))) return;
        waiting.delete(snapId);
        settle(snapId);
      }
    },
  };

  function note(snapId: string, trust: Trust): void {
    if (!SNAP_ID.test(snapId) || settled.has(snapId)) return;
    const known = waiting.get(snapId);
    // Half of the room is for those that can be believed.
    const room = trust === 'proved' ? MOST_REMEMBERED : MOST_REMEMBERED / 2;
    if (known === undefined && waiting.size >= room) return;
    if (known !== 'proved') waiting.set(snapId, trust);
  }

  function enterHour(): void {
    const now = Math.floor(Date.parse(clock.now()) / HOUR_MS);
    if (now !== hour) looks = { proved: 0, others: 0 };
    hour = now;
  }

  /** A look that failed for the snap's sake is said in its stream, and seen there. */
  async function isSettled(snapId: string): Promise<boolean> {
    const { state } = await writer.load(upstreamSnap, upstreamSnapStream(snapId));
    return state.seen !== null || state.failure !== null;
  }

  /** @returns false when upstream is away */
  async function look(envelope: EventEnvelope, snapId: string, trust: Trust): Promise<boolean> {
    looks[trust]++;
    const reason = { code: 'sync', text: `a device has the snap ${snapId}` };
    try {
      await observer.look({ name: snapId, snapId }, because(envelope, clock, reason));
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UpstreamError)) throw error;
      return false;
    }
  }

  function settle(snapId: string): void {
    if (settled.size >= MOST_REMEMBERED) settled.clear();
    settled.add(snapId);
  }
}

function trustIn(device: DeviceMark | null): Trust {
  return device?.proof === 'store' ? 'proved' : 'others';
}

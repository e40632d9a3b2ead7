import { actorName, asText, type Clock, type CommandContext, type EventEnvelope } from '#kernel';
import { UpstreamError } from '#upstream/published';
import { sync, type SyncCommand, type SyncFailure, type SyncOutcome } from '../../domain/sync/sync.js';
import {
  WATCH_LIST_STREAM,
  watchedSnaps,
  watchList,
  type WatchedSnap,
} from '../../domain/watch-list/watch-list.js';
import type { LookReactorPorts } from '../look-at-watched-snap/reactor.js';
import { because } from '../../sync/sync-context.js';

/** An event holds at most 65,535 bytes. */
const MOST_FAILURES = 50;
const LONGEST_MESSAGE = 400;

/**
 * Answers a person who asks for a sync: looks at the snaps, says how far it is, and what failed. After a crash it begins again; looks add
 * nothing that is there, and progress never goes back. An upstream that is away ends it: who asked is told now, and may ask again.
 */
export function syncReactor(ports: LookReactorPorts) {
  const { writer, clock } = ports;
  return {
    name: 'answer-sync-request',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type !== 'SyncRequested') return;
      const { state } = await writer.load(sync, envelope.stream);
      if (state.status !== 'asked' && state.status !== 'running') return;
      const { state: list } = await writer.load(watchList, WATCH_LIST_STREAM);
      const { chosen, unknown } = choose(watchedSnaps(list), state.snaps);
      const context = contextOf(envelope, clock);
      const give = (command: Commands) =>
        writer.decideAndAppend(sync, envelope.stream, { ...command, context: context() });
      await give({ type: 'StartSync', total: chosen.length });
      const outcome = await lookAtAll(ports, chosen, context, (done) =>
        give({ type: 'ReportSyncProgress', done }),
      );
      await give({ type: 'CompleteSync', outcome: bounded(outcome, unknown.map(notWatched)) });
    },
  };
}

/** Of a union, each member without its context. */
type Commands = SyncCommand extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'context'>
    : never
  : never;

function contextOf(envelope: EventEnvelope, clock: Clock): () => CommandContext {
  const { actor } = envelope;
  const by = actorName(actor);
  const reason = { code: 'sync', text: `${by} asks for a look at watched snaps` };
  return () => ({ ...because(envelope, clock, reason), authorisedBy: [envelope.id] });
}

function choose(watched: readonly WatchedSnap[], names: readonly string[] | null) {
  if (names === null) return { chosen: watched, unknown: [] };
  const chosen = watched.filter(({ name }) => names.includes(name));
  return { chosen, unknown: names.filter((name) => !watched.some((each) => each.name === name)) };
}

type Looked = Pick<SyncOutcome, 'done' | 'changed' | 'failures' | 'notAsked'>;

async function lookAtAll(
  { observer, signal }: LookReactorPorts,
  snaps: readonly WatchedSnap[],
  context: () => CommandContext,
  onProgress: (done: number) => Promise<unknown>,
): Promise<Looked> {
  const failures: SyncFailure[] = [];
  let changed = 0;
  for (const [i, snap] of snaps.entries()) {
    signal.throwIfAborted();
    try {
      const look = await observer.look(snap, context());
      if (look.outcome === 'changed') changed++;
      if (look.outcome === 'failed')
        failures.push({ snap: snap.name, code: look.code, message: look.message });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UpstreamError)) throw error;
      failures.push({ snap: snap.name, code: error.code, message: asText(error.message, LONGEST_MESSAGE) });
      return { done: i + 1, changed, failures, notAsked: snaps.length - i - 1 };
    }
    await onProgress(i + 1);
  }
  return { done: snaps.length, changed, failures, notAsked: 0 };
}

function notWatched(snap: string): SyncFailure {
  return { snap, code: 'not-watched', message: `${snap} is not watched: put it on the list first` };
}

function bounded(looked: Looked, others: readonly SyncFailure[]): SyncOutcome {
  const all = [...looked.failures, ...others];
  const failures = all.slice(0, MOST_FAILURES);
  return { ...looked, failures, moreFailures: all.length - failures.length };
}

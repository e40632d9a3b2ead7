import { asText, CodedError, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { SnapError } from '#snap';
import { UpstreamError } from '#upstream/published';
import type { UpstreamSnapEvent } from '../domain/upstream-snap/events.js';
import type { Observation } from '../domain/upstream-snap/observation.js';
import {
  upstreamSnap,
  upstreamSnapStream,
  type UpstreamSnapCommand,
} from '../domain/upstream-snap/upstream-snap.js';
import { WATCH_LIST_STREAM, watchList, type WatchedSnap } from '../domain/watch-list/watch-list.js';
import { CatalogError } from '../errors.js';
import type { HeldRevision } from './look-at-revisions.js';
import { observeSnap, type ObservePorts } from './observe-snap.js';

export interface ObserverPorts extends ObservePorts {
  readonly writer: StreamWriter;
  /** What the rings hold of a snap. */
  readonly held: (snapId: string) => Promise<readonly HeldRevision[]>;
  /** Told of every look that came to an end; not of one that upstream was away for. */
  readonly onLook: (look: Look) => void;
}

/** What came of a look. `failed`: what upstream answers about this snap can't be believed or read. */
export type Look =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'changed'; readonly events: readonly UpstreamSnapEvent[] }
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string };

/** As long as a failed capture's. */
const LONGEST_MESSAGE = 400;

/** Each command takes 400 differences, and no map has more than 2,000 places before and 2,000 after. */
const MOST_COMMANDS = 16;

/** Looks at snaps, one at a time whoever asks, so that upstream is asked no more at once than by one patient person; and records what it sees. */
export class SnapObserver {
  private before: Promise<unknown> = Promise.resolve();

  constructor(private readonly ports: ObserverPorts) {}

  /**
   * @throws UpstreamError that is transient: upstream is away, and nothing is known of any snap; EventStoreError
   */
  look(watched: WatchedSnap, context: CommandContext): Promise<Look> {
    const looked = this.before.then(() => this.lookNow(watched, context));
    this.before = looked.catch(() => undefined);
    return looked;
  }

  private async lookNow(watched: WatchedSnap, context: CommandContext): Promise<Look> {
    const look = await this.observe(watched, context);
    this.ports.onLook(look);
    return look;
  }

  private async observe(watched: WatchedSnap, context: CommandContext): Promise<Look> {
    let snapId = watched.snapId;
    const recall = async (id: string) => {
      // Known by its name alone until now: the next look must find it also when upstream has forgotten the name.
      if (snapId === null) await this.identify(watched.name, id, context);
      snapId = id;
      const { state } = await this.ports.writer.load(upstreamSnap, upstreamSnapStream(id));
      return { seen: state.seen, held: await this.ports.held(id) };
    };
    let observation: Observation;
    try {
      observation = await observeSnap(watched, this.ports, recall);
    } catch (error) {
      if (!isOfTheSnap(error)) throw error;
      const failure = { code: String(error.code), message: asText(error.message, LONGEST_MESSAGE) };
      // Without an id there is no snap to say it of: whoever asked is told, and it is counted.
      if (snapId !== null)
        await this.record(snapId, { type: 'ReportObservationFailure', ...failure, context });
      return { outcome: 'failed', ...failure };
    }
    const events = await this.record(observation.snapId, { type: 'ObserveSnap', observation, context });
    return events.length === 0 ? { outcome: 'unchanged' } : { outcome: 'changed', events };
  }

  private async identify(name: string, snapId: string, context: CommandContext): Promise<void> {
    const command = { type: 'IdentifyWatchedSnap', name, snapId, context } as const;
    await this.ports.writer.decideAndAppend(watchList, WATCH_LIST_STREAM, command);
  }

  /** Until there is nothing left to say: a command records as much as fits into one append. */
  private async record(snapId: string, command: UpstreamSnapCommand): Promise<UpstreamSnapEvent[]> {
    const all: UpstreamSnapEvent[] = [];
    for (let given = 0; given < MOST_COMMANDS; given++) {
      const { events } = await this.ports.writer.decideAndAppend(
        upstreamSnap,
        upstreamSnapStream(snapId),
        command,
      );
      if (events.length === 0) break;
      all.push(...events);
    }
    return all;
  }
}

/** A fault of ours, of the event store or of an upstream that is away is no fact about a snap. */
function isOfTheSnap(error: unknown): error is CodedError<string> {
  if (error instanceof UpstreamError) return !error.transient;
  return error instanceof CatalogError || error instanceof SnapError;
}

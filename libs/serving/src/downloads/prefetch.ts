import { setTimeout as delay } from 'node:timers/promises';
import { bytesOnDisk } from './cache-space.js';
import type { KeptArtefact } from './kept-artefacts.js';

export interface PrefetchEvents {
  /** So many held artefacts have no copy here; told whenever it may have changed. */
  missing(artefacts: number): void;
  /** It is tried again. */
  failed(artefact: KeptArtefact, error: unknown): void;
  /** What is held is more than all copies may take: the last so many are fetched when a device asks. Told once for each policy. */
  noRoom(artefacts: number): void;
}

/** Where copies are made: `RemoteKeptArtefacts`. */
export interface PrefetchedArtefacts {
  hasCopy(artefact: KeptArtefact): boolean;
  /** Resolves once it is here, whole and verified. @throws ServingError */
  fetchAhead(artefact: KeptArtefact): Promise<void>;
}

export interface PrefetchPauses {
  /** After a failure, in ms; doubled with each further one. */
  readonly first: number;
  readonly longest: number;
}

const PAUSES: PrefetchPauses = { first: 15_000, longest: 10 * 60_000 };
/** Devices have the rest of the line, and join what they ask for. */
const AT_A_TIME = 2;

/**
 * Fetches copies of what the ring in force holds before the first device asks for it. Nobody waits for it, and its failures are nobody's: what
 * is not here yet is fetched when it is asked for, as ever.
 */
export class Prefetch {
  /** All that is held. */
  private names: string | undefined;
  /** What of it is fetched. */
  private held: readonly KeptArtefact[] = [];
  private readonly closing = new AbortController();
  private wake = new AbortController();
  private running: Promise<void> | undefined;

  /** @param limit what all copies may take, in bytes */
  constructor(
    private readonly artefacts: PrefetchedArtefacts,
    private readonly limit: number,
    private readonly events: PrefetchEvents,
    private readonly pauses: PrefetchPauses = PAUSES,
  ) {}

  /** From now on these are held. Returns at once. */
  hold(held: readonly KeptArtefact[]): void {
    const each = [...new Map(held.map((artefact) => [artefact.sha3_384, artefact])).values()];
    const names = each.map(({ sha3_384 }) => sha3_384).join();
    if (this.names === names) return;
    this.names = names;
    this.held = this.fitting(each);
    if (each.length > this.held.length) this.events.noRoom(each.length - this.held.length);
    this.wake.abort();
    this.running ??= this.run();
  }

  /** What is on its way ends with the cache that takes it. */
  async close(): Promise<void> {
    this.closing.abort();
    this.wake.abort();
    await this.running;
  }

  /** What would only push out what is held as well is not fetched. */
  private fitting(held: readonly KeptArtefact[]): readonly KeptArtefact[] {
    let room = this.limit;
    return held.filter(({ size }) => {
      const takes = bytesOnDisk(size);
      if (takes > room) return false;
      room -= takes;
      return true;
    });
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.closing.signal.aborted;) {
      this.wake = new AbortController();
      const held = this.held;
      const whole = await this.fetch(this.missing());
      failures = whole ? 0 : failures + 1;
      if (held !== this.held) continue;
      // Copies may go, or be removed by somebody: it is looked at again also when all is here.
      const pause = whole ? this.pauses.longest : this.pauses.first * 2 ** Math.min(failures - 1, 20);
      await delay(Math.min(pause, this.pauses.longest), undefined, {
        signal: this.wake.signal,
        ref: false,
      }).catch(() => undefined);
    }
  }

  private missing(): KeptArtefact[] {
    const missing = this.held.filter((artefact) => !this.artefacts.hasCopy(artefact));
    this.events.missing(missing.length);
    return missing;
  }

  /** @returns whether all of it is here now */
  private async fetch(missing: KeptArtefact[]): Promise<boolean> {
    let whole = true;
    const one = async (): Promise<void> => {
      for (let artefact; !this.wake.signal.aborted && (artefact = missing.shift());) {
        try {
          await this.artefacts.fetchAhead(artefact);
        } catch (error) {
          whole = false;
          if (!this.closing.signal.aborted) this.events.failed(artefact, error);
        }
        this.missing();
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, one));
    return whole;
  }
}

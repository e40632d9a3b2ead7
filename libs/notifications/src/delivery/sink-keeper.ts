import { canonicalJson, type JsonValue } from '#kernel';
import { sinkKey, type Sink, type Sinks } from '../domain/sinks/sinks.js';
import type { SinkPositions } from './sink-positions.js';
import type { SinkParts } from './sink-parts.js';
import { SinkRunner } from './sink-runner.js';

export interface KeeperParts extends SinkParts {
  readonly positions: SinkParts['positions'] & Pick<SinkPositions, 'keepOnly'>;
  /** As the history has them at this moment. */
  sinks(): Promise<Sinks>;
}

/** A sink that takes nothing holds up nobody for longer. */
const FAREWELL_MS = 20_000;

/** Runs a runner for each sink that is not paused, as it is set now. */
export class SinkKeeper {
  private readonly runners = new Map<string, { readonly runner: SinkRunner; readonly as: string }>();
  private turn: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly parts: KeeperParts) {}

  /** Starts, stops and replaces runners so that they are those of the history. One at a time.
   * @param changed the number, in the sinks' stream, of the event that says so: whom it is about is told of it before it ends
   * @throws what reading it throws */
  async followHistory(changed?: bigint): Promise<void> {
    const turn = this.turn.then(() => this.follow(changed));
    this.turn = turn.catch(() => undefined);
    await turn;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.turn;
    await Promise.all([...this.runners.values()].map(({ runner }) => runner.stop()));
  }

  private async follow(changed: bigint | undefined): Promise<void> {
    if (this.stopped) return;
    const all = [...(await this.parts.sinks()).byName.values()];
    const active = new Map(
      all.filter(({ status }) => status === 'active').map((sink) => [sinkKey(sink), sink]),
    );
    for (const [key, { runner, as }] of this.runners) {
      const sink = active.get(key);
      if (sink && howItRuns(sink) === as) continue;
      if (changed !== undefined) await runner.upTo(changed, FAREWELL_MS);
      await runner.stop();
      this.runners.delete(key);
    }
    await this.parts.positions.keepOnly(all.map(sinkKey));
    for (const [key, sink] of active) {
      if (this.runners.has(key)) continue;
      const runner = new SinkRunner(sink, this.parts);
      this.runners.set(key, { runner, as: howItRuns(sink) });
      runner.start();
    }
  }
}

/** Whatever of a sink makes its runner another one. Whether it fails does not. */
function howItRuns({ failingSince: _, ...sink }: Sink): string {
  return canonicalJson(sink as unknown as JsonValue);
}

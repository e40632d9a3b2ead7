import { sinks, SINKS_STREAM, type Sinks } from './domain/sinks/sinks.js';

/** Of the stream writer, what is needed here. */
interface Streams {
  load(decider: typeof sinks, stream: string): Promise<{ readonly state: Sinks }>;
}

/** By name, for whoever asks how the site is. */
export interface SilentSinks {
  /** They take nothing. */
  readonly failing: readonly string[];
  readonly paused: readonly string[];
}

/** @throws EventStoreError; KernelError where what is recorded of them is damaged */
export async function silentSinks(streams: Streams): Promise<SilentSinks> {
  const all = [...(await streams.load(sinks, SINKS_STREAM)).state.byName.values()];
  return {
    failing: all.filter(({ failingSince }) => failingSince !== null).map(({ name }) => name),
    paused: all.filter(({ status }) => status === 'paused').map(({ name }) => name),
  };
}

import { sinks, SINKS_STREAM, type Sinks } from './domain/sinks/sinks.js';

/** Of the stream writer, what is needed here. */
interface Streams {
  load(decider: typeof sinks, stream: string): Promise<{ readonly state: Sinks }>;
}

/** Names of the sinks that take nothing, for whoever asks how the site is. */
export async function failingSinks(streams: Streams): Promise<readonly string[]> {
  const { byName } = (await streams.load(sinks, SINKS_STREAM)).state;
  return [...byName.values()].filter(({ failingSince }) => failingSince !== null).map(({ name }) => name);
}

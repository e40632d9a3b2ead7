import type { ReactorCheckpoints } from '#platform/reactor';

/** How far the scheduled scrub is: kept across restarts, and by whichever worker goes on. */
export interface ScrubPosition {
  /** The blob after which to go on; undefined: from the first. */
  readonly after: string | undefined;
  /** When the last slice was done, RFC 3339; undefined: never. */
  readonly sliceAt: string | undefined;
  /** When every blob had been read since the round began, RFC 3339; undefined: never yet. */
  readonly roundAt: string | undefined;
}

/** Names its row among the worker's checkpoints: never changed after a release. */
const NAME = 'scrub-kept-blobs';

/** The position in the worker's own schema, beside what its reactors have there. */
export class ScrubPositions {
  constructor(private readonly checkpoints: ReactorCheckpoints) {}

  async load(): Promise<ScrubPosition> {
    const text = await this.checkpoints.load(NAME);
    const [after = '', sliceAt = '', roundAt = ''] = (text ?? '').split(' ');
    return { after: after || undefined, sliceAt: sliceAt || undefined, roundAt: roundAt || undefined };
  }

  async save({ after = '', sliceAt = '', roundAt = '' }: ScrubPosition): Promise<void> {
    await this.checkpoints.save(NAME, [after, sliceAt, roundAt].join(' '));
  }
}

import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { uuidv7, type CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { snapsNamed } from './snaps-named.js';

export interface HaltedSnap {
  readonly name: string;
  readonly snapId: string;
  /** False for an id that nothing here has to do with: it may be mistyped. */
  readonly known: boolean;
}

/** A ring is halted, or one snap in it. */
export interface Halted {
  readonly ring: string;
  /** Each that goes, or went, by the name; null: all that is in the ring. */
  readonly snaps: readonly HaltedSnap[] | null;
  readonly cursor: Cursor | null;
}

/** Stop giving anything out in a ring, or a snap: at once, by one operator (R25 knows no shorter way back: to resume takes a change request). */
export class Halt extends Command<Halted> {
  constructor(
    readonly ring: string,
    /** Its name, or its snap-id; undefined: the whole ring. */
    readonly snap: string | undefined,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(Halt)
export class HaltHandler implements ICommandHandler<Halt> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  async execute({ ring, snap, context }: Halt): Promise<Halted> {
    await requireKnownRing(this.writer, ring);
    const stream = releasePolicyStream(ring);
    const halt = uuidv7();
    if (snap === undefined) {
      const command = { type: 'HaltRing', ring, halt, context } as const;
      const { cursor } = await this.writer.decideAndAppend(releasePolicy, stream, command);
      return { ring, snaps: null, cursor };
    }
    const { state } = await this.writer.load(releasePolicy, stream);
    const named = await snapsNamed(snap, state, this.readModels);
    const snaps = named.map(({ name, snapId }) => ({ format: 'snap', subject: snapId, name }));
    const command = { type: 'HaltSnaps', ring, snaps, halt, context } as const;
    const { cursor } = await this.writer.decideAndAppend(releasePolicy, stream, command);
    return { ring, snaps: named, cursor };
  }
}

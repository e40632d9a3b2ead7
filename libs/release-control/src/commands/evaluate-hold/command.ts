import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { UPSTREAM_RELEASES, type UpstreamReleases } from '../../holds/upstream-releases.js';
import { requireHeld, whoWrote, type GivenHold } from '../../holds/require-held.js';
import { offeredNow } from '../../domain/holds/behind.js';
import { holdKey, holds, holdsStream, type HeldNow } from '../../domain/holds/holds.js';

/** Say that a hold that is overdue for review stays for a while, why, and what is done about the risk. */
export class EvaluateHold extends Command<Cursor | null> {
  constructor(
    readonly given: GivenHold,
    readonly evaluation: {
      /** What upstream has, as whoever evaluates it saw it. */
      readonly seen: readonly string[];
      readonly mitigation: string;
      readonly until: string;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EvaluateHold)
export class EvaluateHoldHandler implements ICommandHandler<EvaluateHold> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(UPSTREAM_RELEASES) private readonly releasesOf: UpstreamReleases,
  ) {}

  /** @throws ReleaseControlError `no-such-hold`, and what the decider throws */
  async execute({ given, evaluation, context }: EvaluateHold): Promise<Cursor | null> {
    const { ring } = given;
    const held = await requireHeld(this.writer, given);
    const wrote = await whoWrote(this.writer, held);
    const offered = await this.offeredFor(held);
    const command = {
      type: 'EvaluateHold',
      ring,
      holds: held,
      wrote,
      offered,
      ...evaluation,
      context,
    } as const;
    return (await this.writer.decideAndAppend(holds, holdsStream(ring), command)).cursor;
  }

  /** What upstream has now, by the key of the hold. */
  private async offeredFor(held: readonly HeldNow[]): Promise<ReadonlyMap<string, string>> {
    const offered = new Map<string, string>();
    for (const hold of held) {
      if (hold.target.format !== 'snap') continue;
      const now = offeredNow(hold.target, await this.releasesOf(hold.target.subject));
      if (now !== undefined) offered.set(holdKey(hold), now);
    }
    return offered;
  }
}

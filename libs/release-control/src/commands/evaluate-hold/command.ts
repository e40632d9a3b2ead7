import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { requireHeld, whoWrote, type GivenHold } from '../../holds/require-held.js';
import { holds, holdsStream } from '../../domain/holds/holds.js';

/** Say that a hold that is overdue for review stays for a while, why, and what is done about the risk. */
export class EvaluateHold extends Command<Cursor | null> {
  constructor(
    readonly given: GivenHold,
    readonly evaluation: { readonly mitigation: string; readonly until: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EvaluateHold)
export class EvaluateHoldHandler implements ICommandHandler<EvaluateHold> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  /** @throws ReleaseControlError `no-such-hold`, and what the decider throws */
  async execute({ given, evaluation, context }: EvaluateHold): Promise<Cursor | null> {
    const { ring } = given;
    const held = await requireHeld(this.writer, given);
    const wrote = await whoWrote(this.writer, held);
    const command = { type: 'EvaluateHold', ring, holds: held, wrote, ...evaluation, context } as const;
    return (await this.writer.decideAndAppend(holds, holdsStream(ring), command)).cursor;
  }
}

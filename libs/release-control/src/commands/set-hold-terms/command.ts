import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import { knownPerson } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { ReleaseControlError } from '../../domain/errors.js';
import { holds, holdsStream, type HoldTerms } from '../../domain/holds/holds.js';
import { requireHeld, whoWrote, type GivenHold } from '../../holds/require-held.js';

/** Say who answers for a hold, which risk is accepted, and until when. */
export class SetHoldTerms extends Command<Cursor | null> {
  constructor(
    readonly given: GivenHold,
    readonly terms: HoldTerms,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SetHoldTerms)
export class SetHoldTermsHandler implements ICommandHandler<SetHoldTerms> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  /** @throws ReleaseControlError `no-such-hold`, `wrong-hold-terms`, and what the decider throws */
  async execute({ given, terms, context }: SetHoldTerms): Promise<Cursor | null> {
    const { ring } = given;
    const held = await requireHeld(this.writer, given);
    if ((await knownPerson(this.writer, terms.owner)) === null)
      throw new ReleaseControlError(
        'wrong-hold-terms',
        `nothing was changed: nobody has the login ${terms.owner}`,
      );
    const wrote = await whoWrote(this.writer, held);
    const command = { type: 'SetHoldTerms', ring, holds: held, wrote, terms, context } as const;
    return (await this.writer.decideAndAppend(holds, holdsStream(ring), command)).cursor;
  }
}

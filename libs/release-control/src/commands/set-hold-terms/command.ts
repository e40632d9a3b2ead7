import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import { requireKnownRing } from '#fleet/published';
import { knownPerson } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { ReleaseControlError } from '../../domain/errors.js';
import { heldIn, holds, holdsStream, type HoldTerms } from '../../domain/holds/holds.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';

/** Say who answers for a hold, which risk is accepted, and until when. */
export class SetHoldTerms extends Command<Cursor | null> {
  constructor(
    readonly given: { readonly ring: string; readonly snap: string; readonly channel: string | undefined },
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
  async execute({ given: { ring, snap, channel }, terms, context }: SetHoldTerms): Promise<Cursor | null> {
    await requireKnownRing(this.writer, ring);
    if ((await knownPerson(this.writer, terms.owner)) === null)
      throw new ReleaseControlError(
        'wrong-hold-terms',
        `nothing was changed: nobody has the login ${terms.owner}`,
      );
    const { state } = await this.writer.load(releasePolicy, releasePolicyStream(ring));
    const held = heldIn(state).filter(
      ({ name, target }) => name === snap && (channel === undefined || target.channel === channel),
    );
    if (held.length === 0)
      throw new ReleaseControlError(
        'no-such-hold',
        `the ring ${ring} holds no ${snap}${channel === undefined ? '' : ` in ${channel}`}: "holdfast holds list" shows what it holds`,
      );
    const command = { type: 'SetHoldTerms', ring, holds: held, terms, context } as const;
    return (await this.writer.decideAndAppend(holds, holdsStream(ring), command)).cursor;
  }
}

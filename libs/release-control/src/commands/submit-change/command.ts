import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { ringsOf } from '../../domain/change-request/plan.js';
import { signersOf } from '../../domain/change-request/signers-of.js';
import type { ElectronicSignature } from '../../domain/signature.js';
import { policiesOf } from '../approval-policy-in-force.js';
import type { Outcome } from '../outcome.js';
import { requirePromotable } from '../require-promotable.js';
import { requireTicketNamed } from '../require-ticket.js';

/** Hand a draft in, or hand a request in again whose capture was refused. */
export class SubmitChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly context: CommandContext,
    /** Its author's, made just now. */
    readonly signature?: ElectronicSignature,
  ) {
    super();
  }
}

@CommandHandler(SubmitChange)
export class SubmitChangeHandler implements ICommandHandler<SubmitChange> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly rolesHeld: RolesHeld,
  ) {}

  async execute({ id, context, signature }: SubmitChange): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const { state: before } = await this.writer.load(changeRequest, stream);
    if (before.status === 'drafted' || before.status === 'capture-refused')
      await requirePromotable(this.writer, before.ring, before.items, context.at);
    if (before.status === 'drafted')
      for (const ring of ringsOf(before)) await requireTicketNamed(this.writer, ring, before.ticket);
    const policies = await policiesOf(this.writer, before);
    const signed = signature === undefined ? {} : { signature };
    const signersNow = await this.rolesHeld.by(signersOf(before));
    const command = { type: 'SubmitChange', policies, signersNow, context, ...signed } as const;
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, command);
    return { id, status: state.status, cursor };
  }
}

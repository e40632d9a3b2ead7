import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { ElectronicSignature } from '../../domain/signature.js';
import { approvalPolicyInForce } from '../approval-policy-in-force.js';
import type { Outcome } from '../outcome.js';

/** Sign that what was released in an emergency is not right: the worker halts the ring. */
export class RefuseRatification extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly signature: ElectronicSignature,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RefuseRatification)
export class RefuseRatificationHandler implements ICommandHandler<RefuseRatification> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ id, signature, context }: RefuseRatification): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const { state: before } = await this.writer.load(changeRequest, stream);
    const policy = await approvalPolicyInForce(this.writer, before);
    const command = { type: 'RefuseRatification', signature, policy, context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, command);
    return { id, status: state.status, cursor };
  }
}

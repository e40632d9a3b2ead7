import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { ElectronicSignature } from '../../domain/signature.js';
import { approvalPolicyInForce } from '../approval-policy-in-force.js';
import { soakFacts } from '../../soak-facts.js';
import type { Outcome } from '../outcome.js';

/** One on-call person signs that the change takes effect now, before anybody approved it. */
export class ReleaseEmergency extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly signature: ElectronicSignature,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ReleaseEmergency)
export class ReleaseEmergencyHandler implements ICommandHandler<ReleaseEmergency> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  /** Who is on call, and for what, is of this moment: of the ring's stream, whatever it said when the request was drafted. */
  async execute({ id, signature, context }: ReleaseEmergency): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const { state: before } = await this.writer.load(changeRequest, stream);
    const policy = await approvalPolicyInForce(this.writer, before);
    const captured = 'changes' in before ? before : undefined;
    const soak = await soakFacts(this.writer, policy, captured?.changes ?? [], captured);
    const command = { type: 'ReleaseEmergency', signature, policy, soak, context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, command);
    return { id, status: state.status, cursor };
  }
}

import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { isEmergency } from '../../domain/change-request/state.js';
import type { ElectronicSignature } from '../../domain/signature.js';
import { approvalPolicyInForce } from '../approval-policy-in-force.js';
import type { RatificationOutcome } from '../outcome.js';
import { whileOthersSign } from '../while-others-sign.js';

/** Sign that what was released in an emergency is right. */
export class RatifyEmergency extends Command<RatificationOutcome> {
  constructor(
    readonly id: string,
    readonly signature: ElectronicSignature,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RatifyEmergency)
export class RatifyEmergencyHandler implements ICommandHandler<RatifyEmergency> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly rolesHeld: RolesHeld,
  ) {}

  execute(command: RatifyEmergency): Promise<RatificationOutcome> {
    return whileOthersSign(() => this.sign(command));
  }

  /** As when it is approved: the policy, and what those are who ratified before, is of this moment. */
  private async sign({ id, signature, context }: RatifyEmergency): Promise<RatificationOutcome> {
    const stream = changeRequestStream(id);
    const { state: before } = await this.writer.load(changeRequest, stream);
    const policy = await approvalPolicyInForce(this.writer, before);
    const signers = isEmergency(before) ? before.emergency.signatures.map(({ signer }) => signer) : [];
    const signersNow = await this.rolesHeld.by(signers);
    const { state, cursor, events } = await this.writer.decideAndAppend(changeRequest, stream, {
      type: 'RatifyEmergency',
      signature,
      policy,
      signersNow,
      context,
    });
    const missing = events.flatMap((event) =>
      event.type === 'RatificationSigned' ? event.data.missing : [],
    );
    return { id, status: state.status, cursor, missing };
  }
}

import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { isDecidedPlan } from '../../domain/change-request/decided-plan.js';
import { signersOf } from '../../domain/change-request/signers-of.js';
import type { ElectronicSignature } from '../../domain/signature.js';
import { approvalPolicyInForce, stagePoliciesInForce } from '../approval-policy-in-force.js';
import type { Outcome } from '../outcome.js';
import { requireStillServed } from '../../require-still-served.js';
import { whileOthersSign } from '../while-others-sign.js';

/** Sign that the change may take effect. The signature was made just now, with the password given again. */
export class ApproveChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly signature: ElectronicSignature,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ApproveChange)
export class ApproveChangeHandler implements ICommandHandler<ApproveChange> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly rolesHeld: RolesHeld,
  ) {}

  execute(command: ApproveChange): Promise<Outcome> {
    return whileOthersSign(() => this.sign(command));
  }

  /** The policy and what the signers are is of this moment: of the streams, and never of a read model. */
  private async sign({ id, signature, context }: ApproveChange): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const { state: before } = await this.writer.load(changeRequest, stream);
    await requireStillServed(this.writer, before);
    const policy = await approvalPolicyInForce(this.writer, before);
    const signersNow = await this.rolesHeld.by(signersOf(before));
    const stagePolicies = await stagePoliciesInForce(this.writer, before);
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, {
      // What was approved in a plan's first ring may wait for signatures in a later one.
      type: isDecidedPlan(before) ? 'SignStage' : 'ApproveChange',
      signature,
      policy,
      stagePolicies,
      signersNow,
      context,
    });
    return { id, status: state.status, cursor };
  }
}

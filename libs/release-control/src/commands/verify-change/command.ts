import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { BUILT_IN_POLICY, type ApprovalPolicy } from '../../domain/approval-policy/approval-policy.js';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { lastInForce } from '../../domain/change-request/plan.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import { requireRingLookedAt } from '../../domain/change-request/verify.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { deliveryFigures } from '../../queries/delivery-figures.js';
import type { Outcome } from '../outcome.js';

/** Say what came of a change that is in force. */
export class VerifyChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly passed: boolean,
    /** In the person's words. */
    readonly lookedAt: string,
    readonly context: CommandContext,
    /** In which ring: of a plan it has to be said. */
    readonly ring?: string,
  ) {
    super();
  }
}

@CommandHandler(VerifyChange)
export class VerifyChangeHandler implements ICommandHandler<VerifyChange> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  /** The figures are recorded as they were; what is decided does not hang on them. */
  async execute({ id, passed, lookedAt, context, ring }: VerifyChange): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const { state: before, revision } = await this.writer.load(changeRequest, stream);
    // Of one that is not in force there are none, and the decider refuses it.
    const isInForce = before.status === 'effective' || before.status === 'rolling-out';
    // What the figures are read of is the ring that is named.
    if (isInForce) requireRingLookedAt(before, ring);
    const figures = isInForce ? await deliveryFigures(this.readModels, before) : [];
    const command = {
      type: before.status === 'rolling-out' ? 'VerifyStage' : 'VerifyChange',
      policy: await this.policyOf(before),
      passed,
      lookedAt,
      ring,
      figures,
      context,
    } as const;
    // What is put in force meanwhile has rules and figures of its own: it is not verified by those of before.
    const { state, cursor } = isInForce
      ? await this.writer.decideAndAppend(changeRequest, stream, command)
      : await this.writer.decideAndAppendAt(changeRequest, stream, command, revision);
    return { id, status: state.status, cursor };
  }

  /** Of the ring that has it last. Of one that is not in force nobody asks. */
  private async policyOf(request: ChangeRequest): Promise<ApprovalPolicy> {
    if (request.status !== 'effective' && request.status !== 'rolling-out') return BUILT_IN_POLICY;
    const { ring } = lastInForce(request);
    return (await this.writer.load(releasePolicy, releasePolicyStream(ring))).state.approval;
  }
}

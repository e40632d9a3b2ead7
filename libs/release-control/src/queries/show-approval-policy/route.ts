import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { ApprovalRulesInForceDto } from '../../approval-rules.dto.js';
import { rulesOf, type ApprovalRules } from '../../domain/approval-policy/approval-policy.js';
import { frozenAt, type Frozen } from '../../domain/approval-policy/freeze.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';

class FrozenDto implements Frozen {
  @ApiProperty({ format: 'date-time' })
  until!: string;

  @ApiProperty()
  why!: string;

  @ApiProperty({ enum: ['pass', 'wait'] })
  emergencies!: Frozen['emergencies'];
}

class ApprovalPolicyDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty({ description: 'Counts from 0, which is built in: one approver' })
  version!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The one that it was set by; null for version 0',
  })
  changeRequest!: string | null;

  @ApiProperty({ type: ApprovalRulesInForceDto })
  rules!: ApprovalRules;

  @ApiProperty({ type: FrozenDto, nullable: true, description: 'What freezes the ring now' })
  frozen!: FrozenDto | null;
}

/** Of the ring's own stream and not of a read model: who signs is told what counts now. */
@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/approval-policies/:ring')
export class ShowApprovalPolicyRoute {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'showApprovalPolicy',
    summary: 'What it takes, in a ring, for a change to be approved',
  })
  @ApiOkResponse({ type: ApprovalPolicyDto })
  async show(@Param('ring') ring: string): Promise<ApprovalPolicyDto> {
    await requireKnownRing(this.streams, ring);
    const { state, revision } = await this.streams.load(releasePolicy, releasePolicyStream(ring));
    showRevision(revision);
    const { approval } = state;
    const { version, changeRequest } = approval;
    const frozen = frozenAt(approval.freezes ?? [], this.clock.now());
    return { ring, version, changeRequest, rules: rulesOf(approval), frozen };
  }
}

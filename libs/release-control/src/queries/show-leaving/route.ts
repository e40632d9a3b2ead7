import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { OwnedToken } from '#identity/published';
import { CHANGE_KINDS, type ChangeKind } from '../../domain/approval-policy/approval-policy.js';
import { STATUSES, type ChangeRequestStatus } from '../../domain/change-request/state.js';
import { ShowLeaving, type Leaving, type LeftRequest, type OwnedHold } from './query.js';

class LeftRequestDto implements LeftRequest {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly ring!: string;

  @ApiProperty({ enum: STATUSES })
  readonly status!: ChangeRequestStatus;
}

class LeftTokenDto implements OwnedToken {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ type: [String] })
  readonly rings!: readonly string[];
}

class OwnedHoldDto implements OwnedHold {
  @ApiProperty()
  readonly ring!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty()
  readonly channel!: string;
}

class PolicyOutOfReachDto {
  @ApiProperty()
  readonly ring!: string;

  @ApiProperty({ enum: CHANGE_KINDS, isArray: true })
  readonly kinds!: readonly ChangeKind[];

  @ApiProperty({ type: [String], description: 'What would be missing though everybody signed, in words' })
  readonly missing!: readonly string[];
}

class EmergencyOutOfReachDto {
  @ApiProperty()
  readonly ring!: string;

  @ApiProperty({ type: [String], description: 'Who would be missing to release or to ratify one, in words' })
  readonly missing!: readonly string[];
}

class LeavingDto implements Leaving {
  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ enum: ['enrolled', 'active', 'disabled'] })
  readonly status!: Leaving['status'];

  @ApiProperty({ type: [String] })
  readonly roles!: readonly string[];

  @ApiProperty({ type: [LeftRequestDto], description: 'Somebody else may go on with them' })
  readonly drafts!: readonly LeftRequestDto[];

  @ApiProperty({ type: [LeftRequestDto], description: 'Submitted, and not decided on: others decide' })
  readonly open!: readonly LeftRequestDto[];

  @ApiProperty({ type: [LeftTokenDto] })
  readonly tokens!: readonly LeftTokenDto[];

  @ApiProperty({ type: [OwnedHoldDto], description: 'Holds that they answer for' })
  readonly holds!: readonly OwnedHoldDto[];

  @ApiProperty({ type: [String], description: 'Rings that name them as on call for emergencies' })
  readonly onCall!: readonly string[];

  @ApiProperty({
    type: [PolicyOutOfReachDto],
    description: 'Approval rules that nobody can meet without them',
  })
  readonly policies!: readonly PolicyOutOfReachDto[];

  @ApiProperty({
    type: [EmergencyOutOfReachDto],
    description: 'Rings that pre-authorise emergencies that nobody can release or ratify without them',
  })
  readonly emergencies!: readonly EmergencyOutOfReachDto[];
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/leaving')
export class ShowLeavingRoute {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'showLeaving',
    summary: 'What there is of a person who leaves: drafts, open requests, tokens, and rules that need them',
  })
  @ApiOkResponse({ type: LeavingDto })
  async show(@Param('login') login: string): Promise<LeavingDto> {
    return this.queries.execute(new ShowLeaving(login));
  }
}

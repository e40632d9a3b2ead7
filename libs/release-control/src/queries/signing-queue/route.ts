import { Controller, Get, Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CurrentSession, type Session } from '#identity/published';
import { RecordedReasonDto } from '#platform/http/reason.dto';
import { WAITED_FOR_KINDS, type WaitedForKind } from '../../domain/change-request/waited-for.js';
import type { Wait } from '../../domain/change-request/waiting.js';
import { WaitDto } from '../../waiting.dto.js';
import { ShowSigningQueue, type QueuedMark, type QueuedRequest, type SigningQueue } from './query.js';

class QueuedMarkDto implements QueuedMark {
  @ApiProperty({ example: 'lab-hello 5', description: 'Of what' })
  of!: string;
  @ApiProperty({ example: 'new-service' })
  code!: string;
  @ApiProperty()
  text!: string;
}

class QueuedRequestDto implements QueuedRequest {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;
  @ApiProperty({
    enum: WAITED_FOR_KINDS,
    description:
      'Of a change before it takes effect, or, which approves nothing, its review; or of what was released in an emergency',
  })
  kind!: WaitedForKind;
  @ApiProperty()
  ring!: string;
  @ApiProperty()
  author!: string;
  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;
  @ApiProperty()
  submittedAt!: string;
  @ApiProperty({ description: 'SHA-256, hex, of the record that a signature would be bound to' })
  recordDigest!: string;
  @ApiProperty({ description: 'How many changes it is' })
  changes!: number;
  @ApiProperty({ type: [QueuedMarkDto], description: 'What to look at twice: the first 20' })
  marks!: readonly QueuedMarkDto[];
  @ApiProperty()
  markCount!: number;
  @ApiProperty({
    type: WaitDto,
    nullable: true,
    description: 'What it would wait for if it was approved now',
  })
  waits!: Wait | null;
  @ApiProperty({
    type: [String],
    description: 'What is still asked for, in words; empty where any one more signature completes it',
  })
  missing!: readonly string[];
}

class SigningQueueDto implements SigningQueue {
  @ApiProperty({ type: [QueuedRequestDto] })
  requests!: readonly QueuedRequestDto[];
  @ApiProperty({ description: 'There are more that wait than are listed' })
  more!: boolean;
}

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/signing-queue')
export class ShowSigningQueueRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'showSigningQueue',
    summary: 'What waits for the signature of whoever asks, the oldest first',
    description: 'By the same rules as a signature is taken: roles, order, distinct persons, not the author.',
  })
  @ApiOkResponse({ type: SigningQueueDto })
  show(@CurrentSession() { person }: Session): Promise<SigningQueueDto> {
    return this.queries.execute(new ShowSigningQueue({ id: person.id, roles: person.roles }));
  }
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Actor } from '#kernel';
import { RecordedReasonDto } from '#platform/http/reason.dto';
import type { AuditedEvent, AuditPage } from './query.js';

class OwnerDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: [String] })
  roles!: readonly string[];
}

class ActorDto {
  @ApiProperty({ enum: ['person', 'service', 'token'] })
  kind!: Actor['kind'];

  @ApiProperty()
  id!: string;

  @ApiPropertyOptional({ description: "A person's, or a token's" })
  name?: string;

  @ApiPropertyOptional({ description: 'What a person could do then', type: [String] })
  roles?: readonly string[];

  @ApiPropertyOptional({
    description: 'How a person proved who it was',
    enum: ['password', 'security-key', 'single-sign-on', 'session', 'commissioning'],
  })
  auth?: string;

  @ApiPropertyOptional({
    type: OwnerDto,
    description: 'The person whose token it is, with what they could do then',
  })
  owner?: OwnerDto;

  @ApiPropertyOptional({ description: 'The record that a service acted for' })
  for?: string;
}

/** The event as it was written: what the ledger's entry at this position holds. */
export class AuditedEventDto implements Omit<AuditedEvent, 'actor' | 'part' | 'data'> {
  @ApiProperty({ description: 'Index in the ledger', example: '70003' })
  position!: string;

  @ApiProperty({ description: 'Of the exact bytes, in hex' })
  sha256!: string;

  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'OverrideSet' })
  type!: string;

  @ApiProperty({ description: 'Version of data' })
  v!: number;

  @ApiProperty({ example: 'release-policy/default' })
  stream!: string;

  @ApiProperty({ example: '41' })
  streamRevision!: string;

  @ApiProperty({ description: 'The i-th of n events written at once', type: [Number], example: [1, 3] })
  part!: readonly number[];

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ example: 'Europe/Zurich' })
  zone!: string;

  @ApiProperty({ example: '+01:00' })
  offset!: string;

  @ApiProperty()
  actor!: ActorDto;

  @ApiProperty({ type: [String] })
  authorisedBy!: readonly string[];

  @ApiProperty()
  reason!: RecordedReasonDto;

  @ApiProperty()
  cause!: string;

  @ApiProperty()
  correlation!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  data!: unknown;
}

export class AuditPageDto implements Omit<AuditPage, 'events'> {
  @ApiProperty({ type: [AuditedEventDto] })
  events!: readonly AuditedEventDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Give it as `after` for the next page' })
  next!: string | null;
}

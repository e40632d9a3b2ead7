import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { STATUSES, type ChangeRequestStatus } from '../../domain/change-request/state.js';
import type { ChangeRequestView } from './query.js';

class AuthorDto {
  @ApiProperty()
  id!: string;
  @ApiProperty()
  name!: string;
}

class ReasonGivenDto {
  @ApiProperty()
  code!: string;
  @ApiProperty()
  text!: string;
  @ApiPropertyOptional()
  ticket?: string;
}

class ItemDto {
  @ApiProperty()
  format!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty()
  channel!: string;
  @ApiProperty({ type: String, nullable: true })
  version!: string | null;
}

class TargetDto {
  @ApiProperty()
  format!: string;
  @ApiProperty()
  subject!: string;
  @ApiProperty()
  channel!: string;
  @ApiProperty()
  architecture!: string;
}

class ChoiceDto {
  @ApiProperty()
  version!: string;
  @ApiProperty({ description: 'SHA-256 of the capture manifest' })
  manifest!: string;
}

class ResolvedChangeDto {
  @ApiProperty({ type: TargetDto })
  target!: TargetDto;
  @ApiProperty()
  name!: string;
  @ApiProperty({ type: ChoiceDto, nullable: true })
  old!: ChoiceDto | null;
  @ApiProperty({ type: ChoiceDto, nullable: true })
  new!: ChoiceDto | null;
}

class RecordDto {
  @ApiProperty()
  id!: string;
  @ApiProperty()
  ring!: string;
  @ApiProperty({ type: AuthorDto })
  author!: AuthorDto;
  @ApiProperty({ type: ReasonGivenDto })
  reason!: ReasonGivenDto;
  @ApiProperty()
  submittedAt!: string;
  @ApiProperty({ type: [ItemDto] })
  items!: readonly ItemDto[];
  @ApiProperty({ type: [ResolvedChangeDto] })
  changes!: readonly ResolvedChangeDto[];
}

class SignatureDto {
  @ApiProperty({ enum: ['approved', 'rejected'] })
  meaning!: 'approved' | 'rejected';
  @ApiProperty()
  signer!: string;
  @ApiProperty()
  printedName!: string;
  @ApiProperty()
  signedAt!: string;
  @ApiProperty({ type: [String] })
  components!: readonly 'password'[];
  @ApiProperty()
  credential!: string;
  @ApiProperty()
  recordDigest!: string;
}

class FailureDto {
  @ApiProperty({ type: ItemDto })
  item!: ItemDto;
  @ApiProperty()
  code!: string;
  @ApiProperty()
  message!: string;
}

class MismatchDto {
  @ApiProperty({ type: TargetDto })
  target!: TargetDto;
  @ApiProperty({ type: ChoiceDto, nullable: true })
  expected!: ChoiceDto | null;
  @ApiProperty({ type: ChoiceDto, nullable: true })
  found!: ChoiceDto | null;
}

class HistoryLineDto {
  @ApiProperty()
  position!: string;
  @ApiProperty()
  id!: string;
  @ApiProperty()
  type!: string;
  @ApiProperty()
  at!: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  actor!: ChangeRequestView['history'][number]['actor'];
  @ApiProperty({ type: ReasonGivenDto })
  reason!: ReasonGivenDto;
}

export class ChangeRequestDto implements ChangeRequestView {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;
  @ApiProperty()
  ring!: string;
  @ApiProperty({ enum: STATUSES })
  status!: ChangeRequestStatus;
  @ApiProperty({ type: AuthorDto })
  author!: AuthorDto;
  @ApiProperty({ type: ReasonGivenDto })
  reason!: ReasonGivenDto;
  @ApiProperty({ type: [ItemDto] })
  items!: readonly ItemDto[];
  @ApiProperty({ type: [ResolvedChangeDto] })
  changes!: readonly ResolvedChangeDto[];
  @ApiProperty({
    type: RecordDto,
    nullable: true,
    description: 'What a signature is bound to; null before capture',
  })
  record!: RecordDto | null;
  @ApiProperty({ type: String, nullable: true, description: 'SHA-256, hex, of the record' })
  recordDigest!: string | null;
  @ApiProperty({ type: SignatureDto, nullable: true })
  signature!: SignatureDto | null;
  @ApiProperty({ type: [FailureDto] })
  failures!: readonly FailureDto[];
  @ApiProperty({ type: [MismatchDto] })
  mismatches!: readonly MismatchDto[];
  @ApiProperty({ type: [HistoryLineDto] })
  history!: readonly HistoryLineDto[];
}

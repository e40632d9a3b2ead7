import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { RecordedReasonDto } from '#platform/http/reason.dto';
import type { ChangeItem, Mismatch, ResolvedChange } from '../../domain/change-request/events.js';
import { STATUSES, type ChangeRequestStatus } from '../../domain/change-request/state.js';
import { CHANGE_MODELS, ITEM, listOf, MISMATCH, RESOLVED_CHANGE } from './changes.dto.js';
import type { ChangeRequestView } from './query.js';

class AuthorDto {
  @ApiProperty()
  id!: string;
  @ApiProperty()
  name!: string;
}

class RecordDto {
  @ApiProperty()
  id!: string;
  @ApiProperty()
  ring!: string;
  @ApiProperty({ type: AuthorDto })
  author!: AuthorDto;
  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;
  @ApiProperty()
  submittedAt!: string;
  @ApiProperty(listOf(ITEM))
  items!: readonly ChangeItem[];
  @ApiProperty(listOf(RESOLVED_CHANGE))
  changes!: readonly ResolvedChange[];
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

@ApiExtraModels(...CHANGE_MODELS)
class FailureDto {
  @ApiProperty(ITEM)
  item!: ChangeItem;
  @ApiProperty()
  code!: string;
  @ApiProperty()
  message!: string;
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
  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;
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
  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;
  @ApiProperty(listOf(ITEM))
  items!: readonly ChangeItem[];
  @ApiProperty(listOf(RESOLVED_CHANGE))
  changes!: readonly ResolvedChange[];
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
  @ApiProperty(listOf(MISMATCH))
  mismatches!: readonly Mismatch[];
  @ApiProperty({ type: [HistoryLineDto] })
  history!: readonly HistoryLineDto[];
}

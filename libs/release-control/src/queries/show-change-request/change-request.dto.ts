import { ApiExtraModels, ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { RecordedReasonDto } from '#platform/http/reason.dto';
import type { ChangeItem } from '../../domain/change-request/change-item.js';
import type { Mismatch, ResolvedChange } from '../../domain/change-request/events.js';
import { STATUSES, type ChangeRequestStatus } from '../../domain/change-request/state.js';
import { CHANGE_MODELS, ITEM, listOf, MISMATCH, RESOLVED_CHANGE } from './changes.dto.js';
import type { DraftView } from './draft-view.js';
import type { EmergencyView } from './emergency-view.js';
import type { ChangeRequestView } from './query.js';
import type { Wait } from '../../domain/change-request/waiting.js';
import type { StandardChangeView } from './standard-change-view.js';
import { TemplateRefDto } from '../../template.dto.js';
import { UseOfTemplateDto } from './templates.dto.js';
import { WaitDto } from '../../waiting.dto.js';
import { CommentLineDto, EarlierRevisionDto, WindowDto } from './revision.dto.js';
import { STOP_CAUSES, type StopCause } from '../../domain/change-request/plan-events.js';
import { PlannedStageDto, StageViewDto } from './stage-view.dto.js';
import { RecordedSignatureDto, SignatureDto } from './signature.dto.js';
import { TicketDto } from '../../commands/ticket.dto.js';
import { AttachmentDto, ShownAttachmentDto } from './attachment.dto.js';
import { TicketReportDto } from './ticket-report.dto.js';
import { NamedPersonDto, VerificationDto } from './verification.dto.js';

class AskedRecordDto {
  @ApiProperty()
  id!: string;
  @ApiProperty()
  ring!: string;
  @ApiProperty({ type: NamedPersonDto })
  author!: NamedPersonDto;
  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;
  @ApiPropertyOptional({ description: 'Which revision of the request; absent for the first' })
  revision?: number;
  @ApiPropertyOptional({ description: 'The request that is over once this one is approved' })
  supersedes?: string;
  @ApiPropertyOptional({ type: [AttachmentDto], description: 'The files that it was handed in with' })
  attachments?: readonly AttachmentDto[];
  @ApiPropertyOptional({ type: TicketDto, description: 'The record outside that it follows' })
  ticket?: TicketDto;
  @ApiPropertyOptional({ type: WindowDto, description: 'Absent where nothing is said of it' })
  window?: WindowDto;
  @ApiPropertyOptional({ type: [PlannedStageDto], description: 'Of a release plan: its later rings' })
  stages?: readonly PlannedStageDto[];
  @ApiProperty(listOf(ITEM))
  items!: readonly ChangeItem[];
}

class RecordDto extends AskedRecordDto {
  @ApiProperty()
  submittedAt!: string;
  @ApiPropertyOptional({ type: TemplateRefDto, description: 'The standard change that it was asked for as' })
  template?: TemplateRefDto;
  @ApiProperty(listOf(RESOLVED_CHANGE))
  changes!: readonly ResolvedChange[];
}

class DraftRecordDto extends OmitType(RecordDto, ['submittedAt', 'changes'] as const) {}

class DraftViewDto implements DraftView {
  @ApiProperty({ type: DraftRecordDto, description: 'What its author signs' })
  record!: DraftRecordDto;
  @ApiProperty({ description: 'SHA-256, hex, of that record' })
  digest!: string;
  @ApiProperty({ description: 'Whether a ring that it is for asks for their signature, and it is not given' })
  mustSign!: boolean;
}

class UseRecordDto extends AskedRecordDto {
  @ApiProperty({ type: TemplateRefDto })
  template!: TemplateRefDto;
}

class StandardChangeDto implements StandardChangeView {
  @ApiProperty({ type: TemplateRefDto })
  template!: TemplateRefDto;
  @ApiProperty({ type: UseRecordDto, description: 'What the signature of its author is bound to' })
  record!: UseRecordDto;
  @ApiProperty({ description: 'SHA-256, hex, of that record' })
  useDigest!: string;
  @ApiProperty({ type: UseOfTemplateDto, nullable: true, description: 'Null until it is signed' })
  use!: UseOfTemplateDto | null;
}

class ShownSignatureDto extends RecordedSignatureDto {
  @ApiProperty({
    description:
      'false: the signer was disabled or reset, or lost the role, before the request was decided, or signed again',
  })
  counts!: boolean;
}

class ReleaseRecordDto extends RecordDto {
  @ApiProperty({ type: RecordedSignatureDto })
  release!: RecordedSignatureDto;
  @ApiProperty({ description: 'Not ratified by then, the ring is halted' })
  ratifyBy!: string;
  @ApiPropertyOptional({ description: 'What it would have waited for by the soak that the ring asks for' })
  soakPassedOver?: string;
}

class EmergencyViewDto implements EmergencyView {
  @ApiProperty({ enum: ['open', 'ratified', 'refused'] })
  ratification!: EmergencyView['ratification'];
  @ApiProperty({ type: ReleaseRecordDto, description: 'What a ratification is bound to' })
  record!: ReleaseRecordDto;
  @ApiProperty({ description: 'SHA-256, hex, of that record' })
  releaseDigest!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What it would have waited for by the soak that the ring asks for; null: nothing',
  })
  soakPassedOver!: string | null;
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
  @ApiProperty({ type: NamedPersonDto })
  author!: NamedPersonDto;
  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;
  @ApiProperty({
    type: WindowDto,
    description: 'When it may take effect, by the server’s clock; empty: as soon as it is approved',
  })
  window!: WindowDto;
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
  @ApiProperty({
    type: DraftViewDto,
    nullable: true,
    description: 'What its author signs as they submit it; null once it is handed in',
  })
  draft!: DraftViewDto | null;
  @ApiProperty({ type: SignatureDto, nullable: true, description: 'The one that decided; null until then' })
  signature!: SignatureDto | null;
  @ApiProperty({ type: [ShownSignatureDto], description: 'In the order in which they were made' })
  signatures!: readonly ShownSignatureDto[];
  @ApiProperty({
    type: [String],
    description:
      'What the approval policy in force still asks for, in words; empty when nothing is waited for',
  })
  missing!: readonly string[];
  @ApiProperty({
    type: WaitDto,
    nullable: true,
    description: 'What it waits for though it is approved, or would wait for if it was approved now',
  })
  waits!: Wait | null;
  @ApiProperty({
    type: EmergencyViewDto,
    nullable: true,
    description: 'Of what was released before it was approved; null for every other request',
  })
  emergency!: EmergencyViewDto | null;
  @ApiProperty({ type: StandardChangeDto, nullable: true, description: 'Null without a template' })
  standardChange!: StandardChangeDto | null;
  @ApiProperty({ type: [FailureDto] })
  failures!: readonly FailureDto[];
  @ApiProperty(listOf(MISMATCH))
  mismatches!: readonly Mismatch[];
  @ApiProperty({
    type: VerificationDto,
    nullable: true,
    description: 'Of a change that was in force, once a person has looked; the status says what came of it',
  })
  verification!: VerificationDto | null;
  @ApiProperty({
    type: [StageViewDto],
    description: 'Of a release plan: each of its rings, in order; empty for every other request',
  })
  stages!: readonly StageViewDto[];
  @ApiProperty({
    enum: STOP_CAUSES,
    nullable: true,
    description: 'Why the rest of a plan never gets it; null for every other request',
  })
  stoppedBecause!: StopCause | null;
  @ApiProperty({ description: 'Counted from 1' })
  revision!: number;
  @ApiProperty({
    type: [EarlierRevisionDto],
    description: 'What the request was before it was revised, in order',
  })
  earlier!: readonly EarlierRevisionDto[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The request that is over once this one is approved',
  })
  supersedes!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'The request that took this one’s place' })
  supersededBy!: string | null;
  @ApiProperty({ type: TicketDto, nullable: true, description: 'The record outside that it names' })
  ticket!: TicketDto | null;
  @ApiProperty({
    type: [TicketReportDto],
    description: 'What its system said, in the order in which it came',
  })
  ticketReports!: readonly TicketReportDto[];
  @ApiProperty({ type: [ShownAttachmentDto], description: 'In the order in which they came' })
  attachments!: readonly ShownAttachmentDto[];
  @ApiProperty({ type: [CommentLineDto], description: 'In the order in which they were made' })
  comments!: readonly CommentLineDto[];
  @ApiProperty({ type: [HistoryLineDto] })
  history!: readonly HistoryLineDto[];
}

import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  KeyEvidenceDto,
  SIGNATURE_COMPONENTS,
  SigningRulesDto,
  SignOnEvidenceDto,
  type SignatureComponent,
} from '#identity/published';
import { RecordedReasonDto } from '#platform/http/reason.dto';
import type { Content } from '../../domain/content.js';
import { REVIEW_MEANINGS, type ReviewMeaning } from '../../domain/kinds.js';
import type { ReviewRecord } from '../../domain/review/record.js';
import { REVIEW_STATUSES, type ReviewStatus } from '../../domain/review/state.js';
import type { ReviewHistoryLine } from '../../projections/reviews/projection.js';
import {
  AccessContentDto,
  ActorLineDto,
  ChangeLineDto,
  DecidedLineDto,
  DeviationDto,
  FoundDto,
  PeriodicContentDto,
  ReviewerDto,
  ReviewedRightDto,
  ReviewedTokenDto,
  TrailContentDto,
  TypeLineDto,
} from './content.dto.js';
import type { ReviewView, ShownReviewSignature } from './query.js';

class ReviewRecordDto implements Omit<ReviewRecord, 'findings'> {
  @ApiProperty()
  id!: string;
  @ApiProperty({ type: ReviewerDto })
  openedBy!: ReviewerDto;
  @ApiProperty()
  openedAt!: string;
  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;
  @ApiProperty({ description: 'When the next one of its kind is due' })
  nextDue!: string;
  @ApiProperty({
    oneOf: [
      { $ref: '#/components/schemas/AccessContentDto' },
      { $ref: '#/components/schemas/PeriodicContentDto' },
      { $ref: '#/components/schemas/TrailContentDto' },
    ],
  })
  content!: Content;
  @ApiProperty({ type: [DecidedLineDto], description: 'Of an access review' })
  decisions!: readonly DecidedLineDto[];
  @ApiProperty({ type: [FoundDto] })
  findings!: readonly FoundDto[];
}

class ReviewSignatureDto implements ShownReviewSignature {
  @ApiProperty({ enum: REVIEW_MEANINGS })
  meaning!: ReviewMeaning;
  @ApiProperty()
  signer!: string;
  @ApiProperty()
  printedName!: string;
  @ApiProperty()
  signedAt!: string;
  @ApiProperty({ enum: SIGNATURE_COMPONENTS, isArray: true })
  components!: readonly SignatureComponent[];
  @ApiProperty()
  credential!: string;
  @ApiPropertyOptional({ description: 'Of the second component, where one was given beside the password' })
  secondCredential?: string;
  @ApiPropertyOptional({ description: 'How often the signer had been reset by then; absent for never' })
  resets?: number;
  @ApiProperty()
  recordDigest!: string;
  @ApiPropertyOptional({
    type: KeyEvidenceDto,
    description: 'What a security key answered, for who checks it without us',
  })
  securityKey?: KeyEvidenceDto;
  @ApiPropertyOptional({
    type: SignOnEvidenceDto,
    description: 'Whom the identity provider made sure of, in place of the password',
  })
  singleSignOn?: SignOnEvidenceDto;

  @ApiPropertyOptional({
    type: SigningRulesDto,
    description: 'What the site asked of those who sign, at that moment; older ones do not say it',
  })
  rules?: SigningRulesDto;
  @ApiProperty({
    description:
      'Not when the record changed after it, or its signer lost the role, was reset, or signed again',
  })
  counts!: boolean;
}

class ReviewHistoryLineDto implements ReviewHistoryLine {
  @ApiProperty()
  position!: string;
  @ApiProperty()
  id!: string;
  @ApiProperty()
  type!: string;
  @ApiProperty()
  at!: string;
  @ApiProperty({ description: "The site's zone, by IANA's name" })
  zone!: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  actor!: ReviewHistoryLine['actor'];
  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;
}

@ApiExtraModels(
  AccessContentDto,
  PeriodicContentDto,
  TrailContentDto,
  ReviewedRightDto,
  ReviewedTokenDto,
  TypeLineDto,
  ActorLineDto,
  ChangeLineDto,
)
export class ReviewDto implements Omit<ReviewView, 'record'> {
  @ApiProperty({ example: 'TR-0042' })
  id!: string;
  @ApiProperty({ enum: REVIEW_STATUSES })
  status!: ReviewStatus;
  @ApiProperty({ enum: REVIEW_MEANINGS, description: 'What a signature says of it' })
  meaning!: ReviewMeaning;
  @ApiProperty({ type: ReviewRecordDto, description: 'What a signature is bound to' })
  record!: ReviewRecordDto;
  @ApiProperty({
    description: 'SHA-256, hex, of the canonical JSON (RFC 8785) of the record with `record: "review"`',
  })
  recordDigest!: string;
  @ApiProperty({ type: [ReviewSignatureDto] })
  signatures!: readonly ReviewSignatureDto[];
  @ApiProperty({ type: [String], description: 'What is still needed, in words' })
  missing!: readonly string[];
  @ApiProperty({ type: [Number], description: 'Lines that are to be revoked, and are there still' })
  stillHeld!: readonly number[];
  @ApiProperty({
    type: [DeviationDto],
    description: 'Of its findings, those that are deviations, as they stand now; no part of the record',
  })
  deviations!: readonly DeviationDto[];
  @ApiProperty({ type: [ReviewHistoryLineDto] })
  history!: readonly ReviewHistoryLineDto[];
}

import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ACCESS, type Access, type Listing } from '../../access.js';
import {
  ApprovalPolicyChangeDto,
  ApprovalPolicyItemDto,
  ApprovalPolicyMismatchDto,
} from './approval-policy-changes.dto.js';
import {
  HaltChangeDto,
  HaltMismatchDto,
  ResumeRingItemDto,
  ResumeSnapItemDto,
  RingHaltChangeDto,
  RingHaltMismatchDto,
} from './halts.dto.js';
import {
  BlockChangeDto,
  BlockMismatchDto,
  PublisherChangesChangeDto,
  PublisherChangesItemDto,
  PublisherChangesMismatchDto,
  UnblockItemDto,
} from './publishers.dto.js';
import { AT_EXPIRY, type HoldExpiry } from '../../domain/change-request/hold-expiry.js';
import { DifferenceOfVersionsDto } from './difference.dto.js';
import { MembersChangeDto, MembersItemDto, MembersMismatchDto } from './members.dto.js';
import { TemplateChangeDto, TemplateItemDto, TemplateMismatchDto } from './templates.dto.js';
import { NamedSubjectDto } from '../../named-subject.dto.js';

/** The kinds of items, changes and mismatches as a request's readers get them. One without a `kind` is of an override. */

class HoldEndDto implements HoldExpiry {
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ enum: AT_EXPIRY, description: 'What comes of it then' })
  action!: HoldExpiry['action'];
}

class OverrideItemDto {
  @ApiProperty()
  format!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty()
  channel!: string;
  @ApiPropertyOptional({ description: 'For this one alone' })
  architecture?: string;
  @ApiProperty({ type: String, nullable: true })
  version!: string | null;
  @ApiPropertyOptional({ type: HoldEndDto, description: 'Absent: it has no end' })
  expiry?: HoldEndDto;
}

class AccessItemDto {
  @ApiProperty({ enum: ['access'] })
  kind!: 'access';
  @ApiProperty({ enum: ACCESS })
  access!: Access;
}

class ListingItemDto {
  @ApiProperty({ enum: ['deny', 'allow'] })
  kind!: 'deny' | 'allow';
  @ApiProperty()
  format!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty({ description: 'false takes it off the list' })
  listed!: boolean;
}

export class TargetDto {
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
  @ApiPropertyOptional({
    description: 'The revision of the snap-declaration in that manifest; older records do not say it',
  })
  declaration?: number;
  @ApiPropertyOptional({ type: HoldEndDto, description: 'Absent: it has no end' })
  expiry?: HoldEndDto;
}

class OverrideChangeDto {
  @ApiPropertyOptional({ description: 'Of a release plan: the later ring that it is of' })
  ring?: string;
  @ApiProperty({ type: TargetDto })
  target!: TargetDto;
  @ApiProperty()
  name!: string;
  @ApiProperty({ type: ChoiceDto, nullable: true })
  old!: ChoiceDto | null;
  @ApiProperty({ type: ChoiceDto, nullable: true })
  new!: ChoiceDto | null;
  @ApiPropertyOptional({
    type: DifferenceOfVersionsDto,
    description: 'Of what gets a version, by what was captured; older records do not say it',
  })
  difference?: DifferenceOfVersionsDto;
}

class AccessChangeDto {
  @ApiProperty({ enum: ['access'] })
  kind!: 'access';
  @ApiProperty({ enum: ACCESS })
  old!: Access;
  @ApiProperty({ enum: ACCESS })
  new!: Access;
}

class PromotionItemDto {
  @ApiProperty({ enum: ['promotion'] })
  kind!: 'promotion';
  @ApiProperty({ description: 'The ring whose choices this one is to have' })
  from!: string;
  @ApiPropertyOptional({ description: 'The digest of that ring’s policy that it was thought of for' })
  ifPolicy?: string;
}

const LISTING = { enum: ['denied', 'allowed', null], type: String, nullable: true };

class ListingChangeDto extends NamedSubjectDto {
  @ApiProperty({ enum: ['listing'] })
  kind!: 'listing';
  @ApiProperty(LISTING)
  old!: Listing | null;
  @ApiProperty(LISTING)
  new!: Listing | null;
}

class OverrideMismatchDto {
  @ApiProperty({ type: TargetDto })
  target!: TargetDto;
  @ApiProperty({ type: ChoiceDto, nullable: true })
  expected!: ChoiceDto | null;
  @ApiProperty({ type: ChoiceDto, nullable: true })
  found!: ChoiceDto | null;
}

class AccessMismatchDto {
  @ApiProperty({ enum: ['access'] })
  kind!: 'access';
  @ApiProperty({ enum: ACCESS })
  expected!: Access;
  @ApiProperty({ enum: ACCESS })
  found!: Access;
}

class ListingMismatchDto extends NamedSubjectDto {
  @ApiProperty({ enum: ['listing'] })
  kind!: 'listing';
  @ApiProperty(LISTING)
  expected!: Listing | null;
  @ApiProperty(LISTING)
  found!: Listing | null;
}

const ITEMS = [
  OverrideItemDto,
  AccessItemDto,
  ListingItemDto,
  PublisherChangesItemDto,
  UnblockItemDto,
  ApprovalPolicyItemDto,
  ResumeRingItemDto,
  ResumeSnapItemDto,
  PromotionItemDto,
  MembersItemDto,
  TemplateItemDto,
];
const CHANGES = [
  OverrideChangeDto,
  AccessChangeDto,
  ListingChangeDto,
  PublisherChangesChangeDto,
  BlockChangeDto,
  ApprovalPolicyChangeDto,
  RingHaltChangeDto,
  HaltChangeDto,
  MembersChangeDto,
  TemplateChangeDto,
];
const MISMATCHES = [
  OverrideMismatchDto,
  AccessMismatchDto,
  ListingMismatchDto,
  PublisherChangesMismatchDto,
  BlockMismatchDto,
  ApprovalPolicyMismatchDto,
  RingHaltMismatchDto,
  HaltMismatchDto,
  MembersMismatchDto,
  TemplateMismatchDto,
];

export const CHANGE_MODELS = [...ITEMS, ...CHANGES, ...MISMATCHES];

export const ITEM = anyOf(ITEMS);
export const RESOLVED_CHANGE = anyOf(CHANGES);
export const MISMATCH = anyOf(MISMATCHES);

interface OneOf {
  readonly oneOf: { readonly $ref: string }[];
}

function anyOf(models: readonly (new () => object)[]): OneOf {
  return { oneOf: models.map((model) => ({ $ref: getSchemaPath(model) })) };
}

export function listOf(items: OneOf): { readonly type: 'array'; readonly items: OneOf } {
  return { type: 'array', items };
}

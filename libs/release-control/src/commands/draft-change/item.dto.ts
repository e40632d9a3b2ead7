import { plainToInstance, Transform, Type } from 'class-transformer';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { ChangeItem, OverrideItem } from '../../domain/change-request/change-item.js';
import { toRules } from '../../approval-rules.dto.js';
import { toTemplate } from '../../template.dto.js';
import {
  ListSnapDto,
  PromoteDto,
  ResumeRingDto,
  ResumeSnapDto,
  SetAccessDto,
  SetApprovalPolicyDto,
  SetPublisherChangesDto,
  SetTemplateDto,
  UnblockSnapDto,
} from './access-item.dto.js';
import { SetMembersDto, toMembersItem } from './members-item.dto.js';
import { HoldExpiryDto, toExpiry } from './hold-expiry.dto.js';
import { IsSnap } from './snap-name.js';

/** An override as the store's users say it: this snap, on this channel, at this revision. */
export class ChangeItemDto {
  @ApiPropertyOptional({ enum: ['override'] })
  @IsOptional()
  @IsIn(['override'], {
    message:
      'kind must be override, access, deny, allow, publisher-changes, unblock, approval-policy, resume, resume-ring, promotion, members or template',
  })
  kind?: 'override' | undefined;

  @ApiProperty({ example: 'lab-hello' })
  @IsString()
  @IsSnap()
  snap!: string;

  @ApiProperty({ example: 'latest/stable', description: 'track/risk[/branch], or the risk alone' })
  @IsString()
  @Length(1, 128)
  @Matches(/^[\w.+-]+(\/[\w.+-]+){0,2}$/, { message: 'must be a channel: track/risk[/branch]' })
  channel!: string;

  @ApiPropertyOptional({
    example: 'amd64',
    description: 'For this one alone; otherwise for each that the revision has, or that is held',
  })
  @IsOptional()
  @Matches(/^[a-z0-9]{1,20}$/, { message: 'must be an architecture, such as amd64' })
  architecture?: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 12,
    description: 'null gives the channel back to upstream',
  })
  @ValidateIf((item: ChangeItemDto) => item.revision !== null)
  @IsInt()
  @Min(1)
  @Max(2 ** 31 - 1)
  revision!: number | null;

  @ApiPropertyOptional({
    type: HoldExpiryDto,
    description: 'Of a revision; left out, it is held for as long as nobody changes it',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => HoldExpiryDto)
  expiry?: HoldExpiryDto;
}

export type ItemDto =
  | ChangeItemDto
  | SetAccessDto
  | ListSnapDto
  | SetPublisherChangesDto
  | UnblockSnapDto
  | SetApprovalPolicyDto
  | ResumeRingDto
  | ResumeSnapDto
  | PromoteDto
  | SetMembersDto
  | SetTemplateDto;

/** Their schemas, for whoever takes them. */
export const ITEM_DTOS = [
  ChangeItemDto,
  SetAccessDto,
  ListSnapDto,
  SetPublisherChangesDto,
  UnblockSnapDto,
  SetApprovalPolicyDto,
  ResumeRingDto,
  ResumeSnapDto,
  PromoteDto,
  SetMembersDto,
  SetTemplateDto,
];

/** Each item as what its `kind` says, for validation. Whatever is no object, and an unknown kind, is an override that lacks everything. */
export function IsItems(): PropertyDecorator {
  return Transform(({ value }: { readonly value: unknown }) =>
    Array.isArray(value) ? value.map(itemDto) : value,
  );
}

const KINDS: Readonly<Record<string, new () => ItemDto>> = {
  access: SetAccessDto,
  deny: ListSnapDto,
  allow: ListSnapDto,
  'publisher-changes': SetPublisherChangesDto,
  unblock: UnblockSnapDto,
  'approval-policy': SetApprovalPolicyDto,
  resume: ResumeSnapDto,
  'resume-ring': ResumeRingDto,
  promotion: PromoteDto,
  members: SetMembersDto,
  template: SetTemplateDto,
};

function itemDto(item: unknown): ItemDto {
  const given = typeof item === 'object' && item !== null && !Array.isArray(item) ? item : {};
  const kind = 'kind' in given && typeof given.kind === 'string' ? given.kind : '';
  const dto = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return plainToInstance(dto ?? ChangeItemDto, given);
}

export function toOverrideItem({
  snap,
  channel,
  architecture,
  revision,
  expiry,
}: ChangeItemDto): OverrideItem {
  const version = revision === null ? null : String(revision);
  return {
    format: 'snap',
    name: snap,
    channel,
    ...(architecture === undefined ? {} : { architecture }),
    version,
    ...(expiry === undefined ? {} : { expiry: toExpiry(expiry) }),
  };
}

export function toItem(item: ItemDto): ChangeItem {
  switch (item.kind) {
    case undefined:
    case 'override':
      return toOverrideItem(item);
    case 'access':
      return { kind: 'access', access: item.access };
    case 'publisher-changes':
      return { kind: item.kind, publisherChanges: item.publisherChanges };
    case 'approval-policy':
      return { kind: item.kind, rules: toRules(item.rules) };
    case 'unblock':
    case 'resume':
      return { kind: item.kind, format: 'snap', name: item.snap };
    case 'resume-ring':
      return { kind: item.kind };
    case 'promotion': {
      const { kind, from, ifPolicy } = item;
      return { kind, from, ...(ifPolicy === undefined ? {} : { ifPolicy }) };
    }
    case 'members':
      return toMembersItem(item);
    case 'template':
      return { kind: item.kind, template: toTemplate(item.template) };
    case 'deny':
    case 'allow':
      return { kind: item.kind, format: 'snap', name: item.snap, listed: item.listed ?? true };
  }
}

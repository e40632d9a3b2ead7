import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { ACCESS, PUBLISHER_CHANGES, type Access, type PublisherChanges } from '../../access.js';
import { ApprovalRulesDto } from '../../approval-rules.dto.js';
import { TemplateDto } from '../../template.dto.js';
import { IsSnap } from './snap-name.js';

/** The ring is to be open, or gated. */
export class SetAccessDto {
  @ApiProperty({ enum: ['access'] })
  @IsIn(['access'])
  kind!: 'access';

  @ApiProperty({ enum: ACCESS })
  @IsIn(ACCESS)
  access!: Access;
}

/** What the ring is to do about publishers' doings. */
export class SetPublisherChangesDto {
  @ApiProperty({ enum: ['publisher-changes'] })
  @IsIn(['publisher-changes'])
  kind!: 'publisher-changes';

  @ApiProperty({ enum: PUBLISHER_CHANGES })
  @IsIn(PUBLISHER_CHANGES)
  publisherChanges!: PublisherChanges;
}

/** What it is to take, in the ring, for a change to be approved: all of the rules, in the place of those that there are. */
export class SetApprovalPolicyDto {
  @ApiProperty({ enum: ['approval-policy'] })
  @IsIn(['approval-policy'])
  kind!: 'approval-policy';

  @ApiProperty({ type: ApprovalRulesDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => ApprovalRulesDto)
  rules!: ApprovalRulesDto;
}

/** A standard change is to be approved by its template, in the place of the one of the same name. */
export class SetTemplateDto {
  @ApiProperty({ enum: ['template'] })
  @IsIn(['template'])
  kind!: 'template';

  @ApiProperty({ type: TemplateDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => TemplateDto)
  template!: TemplateDto;
}

/** A snap that was blocked is to be served again. */
export class UnblockSnapDto {
  @ApiProperty({ enum: ['unblock'] })
  @IsIn(['unblock'])
  kind!: 'unblock';

  @ApiProperty({ example: 'lab-tool' })
  @IsString()
  @IsSnap()
  snap!: string;
}

/** The ring was halted, and is to go on. */
export class ResumeRingDto {
  @ApiProperty({ enum: ['resume-ring'] })
  @IsIn(['resume-ring'])
  kind!: 'resume-ring';
}

/** A snap that was halted in the ring is to go on. */
export class ResumeSnapDto {
  @ApiProperty({ enum: ['resume'] })
  @IsIn(['resume'])
  kind!: 'resume';

  @ApiProperty({ example: 'lab-tool', description: 'The name, or the snap-id, that it was halted by' })
  @IsString()
  @Matches(/^[A-Za-z0-9-]{1,40}$/, { message: 'must be the name of a snap, or a snap-id' })
  snap!: string;
}

/** The ring is to hold exactly what an earlier one holds. */
export class PromoteDto {
  @ApiProperty({ enum: ['promotion'] })
  @IsIn(['promotion'])
  kind!: 'promotion';

  @ApiProperty({ example: 'pilot', description: 'A ring that releases go through before' })
  @IsString()
  @Length(1, 64)
  from!: string;

  @ApiPropertyOptional({
    description: 'Refuse it unless this is the digest of that ring’s policy (GET /v1/policies/{ring})',
    pattern: '^[0-9a-f]{64}$',
  })
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256: 64 small hex digits' })
  ifPolicy?: string;
}

/** A snap is to be on the ring's deny list or allow list, or off it. */
export class ListSnapDto {
  @ApiProperty({ enum: ['deny', 'allow'] })
  @IsIn(['deny', 'allow'])
  kind!: 'deny' | 'allow';

  @ApiProperty({ example: 'lab-tool' })
  @IsString()
  @IsSnap()
  snap!: string;

  @ApiPropertyOptional({ default: true, description: 'false takes it off that list' })
  @IsOptional()
  @IsBoolean()
  listed?: boolean;
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ApprovedTemplateDto, TemplateDto, TemplateSignerDto } from '../../template.dto.js';
import { RecordedSignatureDto } from './signature.dto.js';

export class TemplateItemDto {
  @ApiProperty({ enum: ['template'] })
  kind!: 'template';
  @ApiProperty({ type: TemplateDto })
  template!: TemplateDto;
}

export class TemplateChangeDto {
  @ApiProperty({ enum: ['template'] })
  kind!: 'template';
  @ApiProperty()
  name!: string;
  @ApiProperty({ type: ApprovedTemplateDto, nullable: true })
  old!: ApprovedTemplateDto | null;
  @ApiProperty({ type: ApprovedTemplateDto })
  new!: ApprovedTemplateDto;
}

export class TemplateMismatchDto {
  @ApiProperty({ enum: ['template'] })
  kind!: 'template';
  @ApiProperty()
  name!: string;
  @ApiProperty({ type: ApprovedTemplateDto, nullable: true })
  expected!: ApprovedTemplateDto | null;
  @ApiProperty({ type: ApprovedTemplateDto, nullable: true })
  found!: ApprovedTemplateDto | null;
}

class ApprovalOfTemplateDto {
  @ApiProperty({ description: 'The request that the template was approved in' })
  changeRequest!: string;
  @ApiProperty({ type: [TemplateSignerDto] })
  approvedBy!: readonly TemplateSignerDto[];
}

/** How the use of a template stands. */
export class UseOfTemplateDto {
  @ApiProperty({ type: RecordedSignatureDto })
  signature!: RecordedSignatureDto;
  @ApiPropertyOptional({ type: ApprovalOfTemplateDto, description: 'Once it is approved by its template' })
  approved?: ApprovalOfTemplateDto;
  @ApiPropertyOptional({
    type: [String],
    description: 'Why the template does not apply, in words: it is decided on as every other request',
  })
  notApplied?: readonly string[];
}

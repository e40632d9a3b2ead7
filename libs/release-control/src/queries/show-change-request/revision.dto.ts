import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { RecordedReasonDto } from '#platform/http/reason.dto';
import type { ChangeItem } from '../../domain/change-request/change-item.js';
import type { ResolvedChange } from '../../domain/change-request/events.js';
import type { Comment, EarlierRevision } from '../../domain/change-request/revision.js';
import { STATUSES } from '../../domain/change-request/state.js';
import { ITEM, listOf, RESOLVED_CHANGE } from './changes.dto.js';
import { RecordedSignatureDto } from './signature.dto.js';
import { TicketDto } from '../../commands/ticket.dto.js';
import { TemplateRefDto } from '../../template.dto.js';
import { UseOfTemplateDto } from './templates.dto.js';
import { NamedPersonDto } from './verification.dto.js';

export class WindowDto {
  @ApiPropertyOptional({ format: 'date-time' })
  notBefore?: string;
  @ApiPropertyOptional({ format: 'date-time' })
  notAfter?: string;
}

/** A request before it was revised. */
export class EarlierRevisionDto implements EarlierRevision {
  @ApiProperty()
  revision!: number;
  @ApiProperty({ enum: STATUSES, description: 'How it stood when it was revised' })
  status!: string;
  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;
  @ApiProperty(listOf(ITEM))
  items!: readonly ChangeItem[];
  @ApiProperty({ type: WindowDto })
  window!: WindowDto;
  @ApiPropertyOptional({ type: TicketDto })
  ticket?: TicketDto;
  @ApiPropertyOptional({ type: TemplateRefDto, description: 'The standard change that it was asked for as' })
  template?: TemplateRefDto;
  @ApiPropertyOptional({ type: UseOfTemplateDto })
  use?: UseOfTemplateDto;
  @ApiProperty(listOf(RESOLVED_CHANGE))
  changes!: readonly ResolvedChange[];
  @ApiProperty({ type: String, nullable: true })
  recordDigest!: string | null;
  @ApiProperty({ type: [RecordedSignatureDto], description: 'All of them void: they are of this record' })
  signatures!: readonly RecordedSignatureDto[];
}

export class CommentLineDto implements Comment {
  @ApiProperty({ type: NamedPersonDto })
  by!: NamedPersonDto;
  @ApiProperty()
  at!: string;
  @ApiProperty()
  text!: string;
}

import { ApiProperty } from '@nestjs/swagger';
import type { Attachment } from '../../domain/change-request/attachment.js';
import type { ShownAttachment } from './shown-attachments.js';
import { NamedPersonDto } from './verification.dto.js';

export class AttachmentDto implements Attachment {
  @ApiProperty()
  name!: string;
  @ApiProperty({ description: 'As whoever attached it said' })
  mediaType!: string;
  @ApiProperty({ description: 'Bytes' })
  size!: number;
  @ApiProperty({ description: 'SHA-256 of the bytes, hex' })
  attachment!: string;
  @ApiProperty({ description: 'Of the bytes, hex' })
  sha3_384!: string;
  @ApiProperty({ type: NamedPersonDto })
  by!: NamedPersonDto;
  @ApiProperty({ format: 'date-time' })
  at!: string;
}

export class ShownAttachmentDto extends AttachmentDto implements ShownAttachment {
  @ApiProperty({
    description: 'Whether it is signed with the request, or will be; false: it came later, as a comment',
  })
  inRecord!: boolean;
}

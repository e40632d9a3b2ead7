import { ApiProperty } from '@nestjs/swagger';

/** What an item, a change or a mismatch is about, where it is one subject. */
export class NamedSubjectDto {
  @ApiProperty({ description: 'The format, such as snap' })
  format!: string;
  @ApiProperty({ description: 'Of a snap, its snap-id' })
  subject!: string;
  @ApiProperty({ description: 'What it went by' })
  name!: string;
}

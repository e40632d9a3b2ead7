import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PUBLISHER_CHANGES, type PublisherChanges } from '../../access.js';
import { NamedSubjectDto } from '../../named-subject.dto.js';

/** What of a request is about publishers' doings, and the blocks for them: see `changes.dto.ts`. */

export class PublisherChangesItemDto {
  @ApiProperty({ enum: ['publisher-changes'] })
  kind!: 'publisher-changes';
  @ApiProperty({ enum: PUBLISHER_CHANGES })
  publisherChanges!: PublisherChanges;
}

export class UnblockItemDto {
  @ApiProperty({ enum: ['unblock'] })
  kind!: 'unblock';
  @ApiProperty()
  format!: string;
  @ApiProperty()
  name!: string;
}

export class PublisherChangesChangeDto {
  @ApiProperty({ enum: ['publisher-changes'] })
  kind!: 'publisher-changes';
  @ApiProperty({ enum: PUBLISHER_CHANGES })
  old!: PublisherChanges;
  @ApiProperty({ enum: PUBLISHER_CHANGES })
  new!: PublisherChanges;
}

const BLOCKED = { enum: ['blocked', null], type: String, nullable: true };

export class BlockChangeDto extends NamedSubjectDto {
  @ApiPropertyOptional({ description: 'Of a release plan: the later ring that it is of' })
  ring?: string;
  @ApiProperty({ enum: ['block'] })
  kind!: 'block';
  @ApiProperty(BLOCKED)
  old!: 'blocked';
  @ApiProperty(BLOCKED)
  new!: null;
}

export class PublisherChangesMismatchDto {
  @ApiProperty({ enum: ['publisher-changes'] })
  kind!: 'publisher-changes';
  @ApiProperty({ enum: PUBLISHER_CHANGES })
  expected!: PublisherChanges;
  @ApiProperty({ enum: PUBLISHER_CHANGES })
  found!: PublisherChanges;
}

export class BlockMismatchDto extends NamedSubjectDto {
  @ApiProperty({ enum: ['block'] })
  kind!: 'block';
  @ApiProperty(BLOCKED)
  expected!: 'blocked';
  @ApiProperty(BLOCKED)
  found!: null;
}

import { ApiProperty } from '@nestjs/swagger';
import { ACCESS, PUBLISHER_CHANGES, type Access, type PublisherChanges } from '../../access.js';
import { SinceDto } from '../since.dto.js';
import type { AccessPolicyView, ListedSnap } from './query.js';

class ListedSnapDto {
  @ApiProperty({ example: 'lab-tool', description: 'The name that it was listed by' })
  name!: string;

  @ApiProperty()
  snapId!: string;

  @ApiProperty({ type: SinceDto })
  since!: SinceDto;

  static of({ name, subject, since }: ListedSnap): ListedSnapDto {
    return { name, snapId: subject, since };
  }
}

class BlockedSnapDto extends ListedSnapDto {
  @ApiProperty({ example: 'PublisherChanged', description: 'The event that it was blocked for last' })
  because!: string;
}

/** A ring's access policy, in the words of the snap store. */
export class AccessPolicyDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty({
    enum: ACCESS,
    description: 'open: what upstream answers passes unless overridden; gated: only what was approved',
  })
  access!: Access;

  @ApiProperty({ type: SinceDto, nullable: true, description: 'null where it was never set' })
  since!: SinceDto | null;

  @ApiProperty({ type: [ListedSnapDto], description: 'Never served, overrides or not' })
  denied!: ListedSnapDto[];

  @ApiProperty({ type: [ListedSnapDto], description: 'Answered as in an open ring' })
  allowed!: ListedSnapDto[];

  @ApiProperty({
    type: [BlockedSnapDto],
    description: 'Not served, for what their publishers or the store did',
  })
  blocked!: BlockedSnapDto[];

  @ApiProperty({ enum: PUBLISHER_CHANGES, description: 'block: a snap that this happens to is blocked' })
  publisherChanges!: PublisherChanges;

  @ApiProperty({ type: SinceDto, nullable: true, description: 'null where it was never set' })
  publisherChangesSince!: SinceDto | null;

  static of({ denied, allowed, blocked, ...policy }: AccessPolicyView): AccessPolicyDto {
    return {
      ...policy,
      denied: denied.map(ListedSnapDto.of),
      allowed: allowed.map(ListedSnapDto.of),
      blocked: blocked.map(({ name, subject, since, because }) => ({
        name,
        snapId: subject,
        since,
        because,
      })),
    };
  }
}

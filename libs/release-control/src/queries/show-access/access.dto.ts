import { ApiProperty } from '@nestjs/swagger';
import { ACCESS, PUBLISHER_CHANGES, type Access, type PublisherChanges } from '../../access.js';
import { SinceDto } from '../since.dto.js';
import type { AccessPolicyView, HaltedSnap, HaltView, ListedSnap } from './query.js';

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

class HaltViewDto implements HaltView {
  @ApiProperty({ description: 'The ledger index of the event' })
  position!: string;

  @ApiProperty()
  at!: string;

  @ApiProperty({ description: 'Who halted' })
  by!: string;

  @ApiProperty({ description: 'Their reason' })
  why!: string;
}

class HaltedSnapDto {
  @ApiProperty({ example: 'lab-tool' })
  name!: string;

  @ApiProperty()
  snapId!: string;

  @ApiProperty({ type: [HaltViewDto] })
  halts!: readonly HaltViewDto[];

  static of({ name, subject, halts }: HaltedSnap): HaltedSnapDto {
    return { name, snapId: subject, halts };
  }
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

  @ApiProperty({
    type: [HaltViewDto],
    description: 'Of the whole ring: nothing is given out in it while there is one',
  })
  halts!: readonly HaltViewDto[];

  @ApiProperty({ type: [HaltedSnapDto], description: 'Not given out until a change request resumes them' })
  halted!: HaltedSnapDto[];

  static of({ denied, allowed, blocked, halted, ...policy }: AccessPolicyView): AccessPolicyDto {
    return {
      ...policy,
      denied: denied.map(ListedSnapDto.of),
      allowed: allowed.map(ListedSnapDto.of),
      halted: halted.map(HaltedSnapDto.of),
      blocked: blocked.map(({ name, subject, since, because }) => ({
        name,
        snapId: subject,
        since,
        because,
      })),
    };
  }
}

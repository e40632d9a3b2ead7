import { ApiProperty } from '@nestjs/swagger';
import { EntityTagProperty } from '#platform/revisions/entity-tag.property';
import type { HeldRole } from '../domain/roles.js';
import { PersonDto } from '../person.dto.js';
import type { PersonLine } from './person-line.js';

class PersonEnrolledDto {
  @ApiProperty()
  readonly position!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;
}

class SignOnLineDto {
  @ApiProperty()
  readonly issuer!: string;

  @ApiProperty({ description: 'That names a person, such as `sub`' })
  readonly claim!: string;

  @ApiProperty()
  readonly subject!: string;

  @ApiProperty({ format: 'date-time', description: 'Signed in by it, or proved by it who they are, last' })
  readonly lastUsedAt!: string;
}

export class PersonLineDto extends PersonDto implements PersonLine {
  @ApiProperty({ enum: ['enrolled', 'active', 'disabled'] })
  readonly status!: PersonLine['status'];

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lockedUntil!: string | null;

  @ApiProperty({ type: [String], description: 'They wait for a second person to confirm them' })
  readonly requestedRoles!: readonly HeldRole[];

  @ApiProperty({ description: 'Whether one is enrolled' })
  readonly secondComponent!: boolean;

  @ApiProperty({ description: 'How many are enrolled' })
  readonly securityKeys!: number;

  @ApiProperty({
    type: SignOnLineDto,
    nullable: true,
    description: 'As whom the identity provider knows them; null for who is bound to nobody there',
  })
  readonly singleSignOn!: PersonLine['singleSignOn'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Who made sure of whom this is, and how; null where that was not asked for',
  })
  readonly verifiedBy!: string | null;

  @ApiProperty({ type: PersonEnrolledDto })
  readonly enrolled!: PersonEnrolledDto;

  @EntityTagProperty()
  readonly etag!: string;
}

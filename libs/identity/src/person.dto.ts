import { ApiProperty } from '@nestjs/swagger';
import type { HeldRole } from './domain/roles.js';
import type { SignedInPerson } from './sessions/session.js';

/** Of a list of them. */
export const HELD_ROLES =
  'author, approver, qa and operator by name in every ring, or as approver@pilot in that one alone; admin and auditor for the site';

export class PersonDto implements SignedInPerson {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty()
  readonly login!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ type: [String], description: HELD_ROLES })
  readonly roles!: readonly HeldRole[];
}

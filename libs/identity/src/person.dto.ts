import { ApiProperty } from '@nestjs/swagger';
import { ROLES, type Role } from './domain/roles.js';
import type { SignedInPerson } from './sessions/session.js';

export class PersonDto implements SignedInPerson {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty()
  readonly login!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ enum: ROLES, isArray: true })
  readonly roles!: readonly Role[];
}

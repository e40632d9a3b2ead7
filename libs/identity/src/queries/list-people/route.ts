import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { EntityTagProperty } from '#platform/revisions/entity-tag.property';
import { IsAfter, IsLimit } from '#platform/http/page';
import type { HeldRole } from '../../domain/roles.js';
import { PersonDto } from '../../person.dto.js';
import { ListPeople, type PersonLine } from './query.js';

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

class PersonLineDto extends PersonDto implements PersonLine {
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

class ListPeopleDto {
  @IsAfter('people', /^[a-z][a-z0-9._-]{1,31}$/)
  after?: string;

  @IsLimit(500, 1000)
  limit?: number;
}

class PeopleDto {
  @ApiProperty({ type: PersonLineDto, isArray: true })
  readonly people!: readonly PersonLineDto[];

  @ApiProperty({ type: String, nullable: true })
  readonly next!: string | null;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people')
export class ListPeopleRoute {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listPeople', summary: 'People by login, the disabled too' })
  @ApiOkResponse({ type: PeopleDto })
  async list(@Query() { after, limit = 500 }: ListPeopleDto): Promise<PeopleDto> {
    return this.queries.execute(new ListPeople({ after, limit }));
  }
}

import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsAfter, IsLimit } from '#platform/http/page';
import { ListWatchedSnaps, type WatchedSnapLine, type WatchedSnapPage } from './query.js';

class ListWatchedSnapsDto {
  @IsAfter('watched-snaps', /^[a-z0-9-]{1,40} [a-zA-Z0-9]{0,32}$/)
  after?: string;

  @IsLimit(100, 1000)
  limit?: number;
}

class FailedLookDto {
  @ApiProperty({ example: 'metadata-disagrees' })
  code!: string;

  @ApiProperty()
  message!: string;
}

class ChangedDto {
  @ApiProperty({ description: 'The ledger index of the event' })
  position!: string;

  @ApiProperty()
  at!: string;
}

class WatchedSnapDto implements WatchedSnapLine {
  @ApiProperty({ example: 'core18' })
  name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null before the first look' })
  snapId!: string | null;

  @ApiProperty({ description: 'A person has put it on the watch list' })
  listed!: boolean;

  @ApiProperty({ description: 'A change request has asked for it' })
  askedFor!: boolean;

  @ApiProperty({ type: String, nullable: true, description: "The account's id" })
  publisher!: string | null;

  @ApiProperty({ type: Number, nullable: true })
  declarationRevision!: number | null;

  @ApiProperty({ description: 'The declaration names no snap any more' })
  revoked!: boolean;

  @ApiProperty({
    type: FailedLookDto,
    nullable: true,
    description: 'Why the last look was refused, if it was',
  })
  failure!: FailedLookDto | null;

  @ApiProperty({
    type: ChangedDto,
    nullable: true,
    description: 'The last thing that was recorded of it upstream',
  })
  changed!: ChangedDto | null;
}

class WatchedSnapPageDto implements WatchedSnapPage {
  @ApiProperty({ type: [WatchedSnapDto] })
  watchedSnaps!: readonly WatchedSnapDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiTags('upstream')
@ApiBearerAuth()
@Controller('v1/watched-snaps')
export class ListWatchedSnapsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listWatchedSnaps', summary: 'Which snaps are looked at upstream, by name' })
  @ApiOkResponse({ type: WatchedSnapPageDto })
  list(@Query() { after, limit = 100 }: ListWatchedSnapsDto): Promise<WatchedSnapPageDto> {
    return this.queries.execute(new ListWatchedSnaps({ after, limit }));
  }
}

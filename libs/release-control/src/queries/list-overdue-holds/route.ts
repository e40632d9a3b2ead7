import { Controller, Get, Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CurrentSession, type Session } from '#identity/published';
import { ListOverdueHolds, type OverdueHold } from './query.js';

class OverdueHoldDto implements OverdueHold {
  @ApiProperty()
  readonly ring!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty()
  readonly channel!: string;

  @ApiProperty()
  readonly architecture!: string;

  @ApiProperty({ description: 'What is held; for a snap, its revision' })
  readonly version!: string;

  @ApiProperty({ description: 'What upstream had when it was said to be overdue' })
  readonly upstream!: string;

  @ApiProperty({ format: 'date-time', description: 'Since when upstream has had something newer' })
  readonly since!: string;

  @ApiProperty({ format: 'date-time', description: 'When it was said to be overdue' })
  readonly at!: string;

  @ApiProperty({ description: 'For how many days it was behind then' })
  readonly days!: number;

  @ApiProperty({ description: 'Whether you may evaluate it' })
  readonly asksYou!: boolean;
}

class OverdueHoldsDto {
  @ApiProperty({ type: [OverdueHoldDto] })
  readonly holds!: readonly OverdueHoldDto[];
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/overdue-holds')
export class ListOverdueHoldsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'listOverdueHolds',
    summary: 'Which holds of every ring are older than upstream for too long, and wait to be evaluated',
  })
  @ApiOkResponse({ type: OverdueHoldsDto })
  async list(@CurrentSession() session: Session): Promise<OverdueHoldsDto> {
    return { holds: await this.queries.execute(new ListOverdueHolds(session.person.roles)) };
  }
}

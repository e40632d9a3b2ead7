import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiAcceptedResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { TakesLargeBody } from '#platform/http/large-body';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { DEFAULT_RING } from '#fleet/published';
import { OverrideDto } from '../../queries/list-overrides/override.dto.js';
import { ListOverrides } from '../../queries/list-overrides/query.js';
import { AccessPolicyDto } from '../../queries/show-access/access.dto.js';
import { ShowAccess } from '../../queries/show-access/query.js';
import type { Wait } from '../../domain/change-request/waiting.js';
import { TemplateRefDto } from '../../template.dto.js';
import { WaitDto } from '../../waiting.dto.js';
import { OutcomeDto } from '../outcome.dto.js';
import { AskedItemsDto } from './asked-items.dto.js';
import { DraftChange } from './command.js';
import { toItem } from './item.dto.js';
import { IsTicket, TicketDto, toTicket } from '../ticket.dto.js';
import { MOST_STAGES } from '../../domain/change-request/plan.js';
import { StageDto, toStage } from './stage.dto.js';
import { IsTime, windowOf } from './window.dto.js';

class DraftChangeDto extends AskedItemsDto {
  @IsTime('The earliest time at which it may take effect: approved before, it is scheduled')
  notBefore?: string;

  @IsTime('The latest: what is not in force by then expires')
  notAfter?: string;

  @ApiPropertyOptional({
    example: 'CR-2026-0041',
    description: 'The request that this one takes the place of: once this one is approved, that one is over',
  })
  @IsOptional()
  @IsString()
  @Matches(/^CR-[0-9]{4}-[0-9]{4,9}$/, { message: 'must be the number of a change request' })
  supersedes?: string;

  @IsTicket()
  ticket?: TicketDto;
  @ApiPropertyOptional({
    type: [StageDto],
    maxItems: MOST_STAGES,
    description: 'Of a release plan: the rings that get it after `ring`, in order, and what each waits for',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_STAGES)
  @ValidateNested({ each: true })
  @Type(() => StageDto)
  stages?: StageDto[];

  @ApiPropertyOptional({
    type: TemplateRefDto,
    description:
      'The standard change that it is asked for as: it stays a draft, which its author hands in by signing it (POST …/use-template)',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TemplateRefDto)
  template?: TemplateRefDto;

  @IsReason()
  reason!: ReasonDto;

  @ApiPropertyOptional({
    default: true,
    description: 'false keeps it a draft, as a standard change is in any case',
  })
  @IsOptional()
  @IsBoolean()
  submit?: boolean;

  @ApiPropertyOptional({
    description: "Refuse it unless the one who asks could release it by the ring's pre-authorisation",
  })
  @IsOptional()
  @IsBoolean()
  emergency?: boolean;
}

class DraftedDto extends OutcomeDto {
  @ApiProperty({
    type: WaitDto,
    nullable: true,
    description: 'What it would wait for if it was approved now',
  })
  waits!: Wait | null;

  @ApiProperty({
    type: [OverrideDto],
    description: 'What is in force for the named snaps until this is decided',
  })
  inForce!: OverrideDto[];

  @ApiProperty({
    type: AccessPolicyDto,
    nullable: true,
    description:
      'The access policy in force until this is decided, of the lists what concerns the named snaps; null for a request that changes none of it',
  })
  accessInForce!: AccessPolicyDto | null;
}

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class DraftChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @TakesLargeBody()
  @Post()
  @HttpCode(202)
  @ApiOperation({ operationId: 'draftChange', summary: 'Ask for a change, and by default submit it' })
  @ApiAcceptedResponse({ type: DraftedDto })
  async draft(@Body() body: DraftChangeDto, @CurrentSession() session: Session): Promise<DraftedDto> {
    const ring = body.ring ?? DEFAULT_RING;
    // Looked up first: once the request is in the record, nothing may fail that would have it asked for again.
    const names = body.items.flatMap((item) => ('snap' in item ? [item.snap] : []));
    const { overrides: inForce } = await this.queries.execute(new ListOverrides({ ring, names }));
    const access = body.items.some(({ kind }) => kind !== undefined && kind !== 'override')
      ? await this.queries.execute(new ShowAccess(ring, names))
      : null;
    const context = commandContext({ session, reason: body.reason, clock: this.clock });
    const outcome = await this.commands.execute(
      new DraftChange(
        {
          ring,
          items: body.items.map(toItem),
          window: windowOf(body),
          supersedes: body.supersedes,
          ticket: body.ticket && toTicket(body.ticket),
          stages: body.stages?.map(toStage),
          template: body.template && { name: body.template.name, version: body.template.version },
          submit: body.submit ?? body.template === undefined,
          ifPolicy: body.ifPolicy,
          emergency: body.emergency ?? false,
        },
        context,
      ),
    );
    return {
      ...outcome,
      inForce: inForce.map(OverrideDto.of),
      accessInForce: access && AccessPolicyDto.of(access),
    };
  }
}

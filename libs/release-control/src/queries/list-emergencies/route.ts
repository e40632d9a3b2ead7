import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { STATUSES, type Emergency, type EmergencyRequest } from '../../domain/change-request/state.js';
import { emergenciesInEffect, type EmergencyInEffect } from '../../emergencies/emergencies.js';

const RATIFICATIONS = ['open', 'ratified', 'refused'] as const satisfies readonly Emergency['ratification'][];
const HALTS = ['none', 'in-force', 'ended'] as const satisfies readonly EmergencyInEffect['halt'][];

class EmergencyLineDto {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;

  @ApiProperty()
  ring!: string;

  @ApiProperty({
    enum: STATUSES,
    description: 'released: the worker has not put it in force yet; stale: it never was',
  })
  status!: EmergencyRequest['status'];

  @ApiProperty({ description: 'The printed name of who released it' })
  releasedBy!: string;

  @ApiProperty()
  releasedAt!: string;

  @ApiProperty({ description: 'Not ratified by then, the ring is halted' })
  ratifyBy!: string;

  @ApiProperty({ enum: RATIFICATIONS })
  ratification!: Emergency['ratification'];

  @ApiProperty({ enum: HALTS, description: 'Of the ring, for want of the ratification' })
  halt!: EmergencyInEffect['halt'];
}

class EmergenciesDto {
  @ApiProperty({ type: [EmergencyLineDto], description: 'The newest first' })
  emergencies!: EmergencyLineDto[];
}

/** A few a year: more than that are looked up in the trail. */
const SHOWN = 100;

interface Shown {
  readonly ring: string;
  readonly request: EmergencyRequest;
  readonly halt: EmergencyInEffect['halt'];
}

/**
 * What has effect is of the streams and not of a read model: whoever comes in the morning is told what waits for them now. What was released and has, or
 * had, none is of the read model.
 */
@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/emergencies')
export class ListEmergenciesRoute {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listEmergencies',
    summary: 'Changes that were released before they were approved, and how their ratification stands',
  })
  @ApiOkResponse({ type: EmergenciesDto })
  async list(): Promise<EmergenciesDto> {
    const inEffect = await this.inEffect();
    const ids = new Set(inEffect.map(({ request }) => request.id));
    const others = (await this.withoutEffect()).filter(({ request }) => !ids.has(request.id));
    const newest = [...inEffect, ...others]
      .map(lineOf)
      .toSorted((a, b) => b.releasedAt.localeCompare(a.releasedAt));
    return { emergencies: newest.slice(0, SHOWN) };
  }

  /** @throws what keeps one from being read: a list that leaves one out would say that nothing waits */
  private async inEffect(): Promise<readonly Shown[]> {
    const { found, failed } = await emergenciesInEffect(this.streams);
    if (failed.length > 0) throw failed[0];
    return found;
  }

  private async withoutEffect(): Promise<readonly Shown[]> {
    const rows = await this.readModels.query<{ readonly state: EmergencyRequest }>(
      `select state from read.change_request_v9 where status in ('released', 'stale') and state ? 'emergency'
       order by first_position desc limit $1`,
      [SHOWN],
    );
    return rows.map(({ state }) => ({ ring: state.ring, request: state, halt: 'none' }));
  }
}

function lineOf({ ring, request, halt }: Shown): EmergencyLineDto {
  const { id, status, signature, emergency } = request;
  const { printedName: releasedBy, signedAt: releasedAt } = signature;
  const { ratifyBy, ratification } = emergency;
  return { id, ring, status, releasedBy, releasedAt, ratifyBy, ratification, halt };
}

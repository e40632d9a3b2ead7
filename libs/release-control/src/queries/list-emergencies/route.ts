import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import type { Emergency } from '../../domain/change-request/state.js';
import { emergenciesInEffect, type EmergencyInEffect } from '../../emergencies/emergencies.js';

const RATIFICATIONS = ['open', 'ratified', 'refused'] as const satisfies readonly Emergency['ratification'][];
const HALTS = ['none', 'in-force', 'ended'] as const satisfies readonly EmergencyInEffect['halt'][];

class EmergencyLineDto {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;

  @ApiProperty()
  ring!: string;

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

/** Of the streams and not of a read model: whoever comes in the morning is told what waits for them now. */
@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/emergencies')
export class ListEmergenciesRoute {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  @Get()
  @ApiOperation({
    operationId: 'listEmergencies',
    summary: 'Changes that took effect before they were approved, and how their ratification stands',
  })
  @ApiOkResponse({ type: EmergenciesDto })
  async list(): Promise<EmergenciesDto> {
    const all = (await emergenciesInEffect(this.streams)).map(({ ring, request, halt }) => ({
      id: request.id,
      ring,
      releasedBy: request.signature.printedName,
      releasedAt: request.signature.signedAt,
      ratifyBy: request.emergency.ratifyBy,
      ratification: request.emergency.ratification,
      halt,
    }));
    const newest = all.toSorted((a, b) => b.releasedAt.localeCompare(a.releasedAt));
    return { emergencies: newest.slice(0, SHOWN) };
  }
}

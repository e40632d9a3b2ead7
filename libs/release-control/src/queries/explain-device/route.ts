import { isIP } from 'node:net';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { HttpError } from '#platform/http/errors';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { InTurn } from '#platform/in-turn';
import { readDeviceName } from '#snap';
import { MembersByDevice } from '../../membership-document/members-by-device.js';
import { MemberRuleDto, memberRule } from '../member-rule.dto.js';
import { inForceSince } from './in-force-since.js';
import { siteMembers } from '../site-members.js';

class ExplainDeviceDto {
  @ApiProperty({ example: 'acme/gateway/0001', description: 'brand/model/serial' })
  @IsString()
  @Length(5, 302)
  device!: string;

  @ApiPropertyOptional({ example: '10.20.0.7', description: 'The address that it asks from' })
  @IsOptional()
  @IsString()
  @Length(2, 45)
  address?: string;

  @ApiPropertyOptional({ example: 'store.lab.example', description: 'The name that it asks the proxy by' })
  @IsOptional()
  @IsString()
  @Length(1, 253)
  host?: string;
}

class ExplainedDeviceDto {
  @ApiProperty()
  device!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null: the ring of the proxy that it asks' })
  ring!: string | null;

  @ApiProperty({ type: MemberRuleDto, nullable: true, description: 'The first rule that it matches' })
  rule!: MemberRuleDto | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When that rule took effect, as it is now: RFC 3339, UTC; null without a rule',
  })
  since!: string | null;

  @ApiProperty({
    type: [MemberRuleDto],
    description:
      'The rules that it would match from somewhere, in their order: those that are narrowed as well',
  })
  candidates!: readonly MemberRuleDto[];
}

/** Why is this device in this ring? As a proxy finds it, of what is decided now. */
@ApiTags('rings')
@ApiBearerAuth()
@Controller('v1/members/explain')
export class ExplainDeviceRoute {
  private readonly turns = new InTurn();

  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  @Get()
  @ApiOperation({
    operationId: 'explainDevice',
    summary: 'In which ring a device is, by which rule, and which other rules it matches',
  })
  @ApiOkResponse({ type: ExplainedDeviceDto })
  async explain(@Query() { device, address, host }: ExplainDeviceDto): Promise<ExplainedDeviceDto> {
    const named = readDeviceName(device);
    if (!named)
      throw new HttpError(
        'invalid-request',
        `"${device}" is not brand/model/serial, as its serial assertion has them`,
      );
    if (address !== undefined && isIP(address) === 0)
      throw new HttpError('invalid-request', `"${address}" is no IP address`);
    // Tens of thousands of devices are read for one answer: one at a time.
    return this.turns.run('members', () => this.explained(device, named, address, host));
  }

  private async explained(
    device: string,
    named: NonNullable<ReturnType<typeof readDeviceName>>,
    address: string | undefined,
    host: string | undefined,
  ): Promise<ExplainedDeviceDto> {
    const site = await siteMembers(this.streams);
    const members = new MembersByDevice(site);
    const found = members.find(named, { address, host: host?.toLowerCase() });
    const rule = found ? memberRule(site, found) : null;
    const since = rule?.changeRequest
      ? await inForceSince(this.streams, rule.changeRequest, rule.ring)
      : null;
    return {
      device,
      ring: found?.ring ?? null,
      rule,
      since,
      candidates: members.candidates(named).map((rule) => memberRule(site, rule)),
    };
  }
}

import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import { STREAM_WRITER } from '#platform/tokens';
import { MAIL_ADDRESSES_STREAM, mailAddresses } from '../../domain/mail-addresses/mail-addresses.js';

class MailAddressDto {
  @ApiProperty({ example: 'ana' })
  readonly login!: string;

  @ApiProperty({ example: 'ana@site.example' })
  readonly address!: string;
}

class MailAddressesDto {
  @ApiProperty({ type: [MailAddressDto] })
  readonly addresses!: readonly MailAddressDto[];
}

@ApiTags('sinks')
@ApiBearerAuth()
@Controller('v1/mail-addresses')
export class ListMailAddressesRoute {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  @Get()
  @ApiOperation({ operationId: 'listMailAddresses', summary: 'Where people get mail, by login' })
  @ApiOkResponse({ type: MailAddressesDto })
  async list(): Promise<MailAddressesDto> {
    const { state, revision } = await this.streams.load(mailAddresses, MAIL_ADDRESSES_STREAM);
    showRevision(revision);
    const addresses = [...state].map(([login, address]) => ({ login, address }));
    return { addresses: addresses.sort((a, b) => (a.login < b.login ? -1 : 1)) };
  }
}

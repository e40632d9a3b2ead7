import { Readable } from 'node:stream';
import { Controller, Get, Header, Inject, Param, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { StreamWriter } from '#platform/decide-and-append';
import { FILE_MEDIA_TYPE } from '#platform/http/file-body';
import { STREAM_WRITER } from '#platform/tokens';
import { AttachmentStore } from '../../attachments/attachment-store.js';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { ReleaseControlError } from '../../domain/errors.js';

/** To keep, and never to be shown: whoever wrote the file may have meant it for the reader's browser. */
@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class DownloadAttachmentRoute {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    private readonly attachments: AttachmentStore,
  ) {}

  @Get(':id/attachments/:sha256')
  @Header('content-security-policy', "default-src 'none'; sandbox")
  @ApiOperation({ operationId: 'downloadAttachment', summary: 'The bytes of a file that a request has' })
  @ApiOkResponse({ content: { [FILE_MEDIA_TYPE]: { schema: { type: 'string', format: 'binary' } } } })
  async download(@Param('id') id: string, @Param('sha256') sha256: string): Promise<StreamableFile> {
    const { state } = await this.streams.load(changeRequest, changeRequestStream(id));
    if (state.status === 'none')
      throw new ReleaseControlError('no-such-change-request', 'there is no such change request');
    const file = state.files.find(({ attachment }) => attachment === sha256);
    if (!file)
      throw new ReleaseControlError('no-such-attachment', `${id} has no attachment with this digest`);
    await this.attachments.require(sha256);
    return new StreamableFile(Readable.from(this.attachments.open(sha256), { objectMode: false }), {
      type: FILE_MEDIA_TYPE,
      disposition: `attachment; filename*=UTF-8''${quoted(file.name)}`,
      length: file.size,
    });
  }
}

/** RFC 8187: whatever is no letter or digit of ASCII stands as its bytes. */
function quoted(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*!]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

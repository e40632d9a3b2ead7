import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Sandbox } from '../sandbox.js';
import { parseRange } from './byte-range.js';
import { pathOf } from './rendering-for.js';
import { sendError } from './send.js';

@Controller()
export class DownloadRoute {
  constructor(private readonly sandbox: Sandbox) {}

  /** A snap's file or a delta, whole or from an offset on (protocol page §6). HEAD comes with it. */
  @Get('/api/v1/snaps/download/:file')
  async download(
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = this.find(file);
    if (found === undefined) {
      await sendError(reply, 404, 'resource-not-found', 'There is no such file.');
      return;
    }
    const blob = this.sandbox.faults.concerns('tamper-blob', pathOf(request)) ? tampered(found) : found;
    const range = parseRange(request.headers.range, blob.length);
    void reply.header('accept-ranges', 'bytes').header('content-type', 'application/octet-stream');
    switch (range.kind) {
      case 'whole':
        await reply.send(blob);
        return;
      case 'part':
        void reply.code(206).header('content-range', `bytes ${range.from}-${range.to}/${blob.length}`);
        await reply.send(blob.subarray(range.from, range.to + 1));
        return;
      case 'unsatisfiable':
        void reply.header('content-range', `bytes */${blob.length}`);
        await sendError(reply, 416, 'range-not-satisfiable', 'The file ends before that.');
    }
  }

  private find(file: string): Buffer | undefined {
    const [, snapId = '', source, target = '', kind] =
      /^([a-zA-Z0-9]{32})_(?:([1-9]\d{0,9})_)?([1-9]\d{0,9})(\.snap|_xdelta3\.delta)$/.exec(file) ?? [];
    const shelf = this.sandbox.withId(snapId);
    const isWhole = source === undefined;
    if (isWhole !== (kind === '.snap')) return undefined;
    return (isWhole ? shelf?.find(Number(target)) : shelf?.delta(Number(source), Number(target)))?.blob;
  }
}

/** The same length, one bit different: what a client finds out by the digest alone. */
function tampered(blob: Buffer): Buffer {
  const bytes = Buffer.from(blob);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes;
}

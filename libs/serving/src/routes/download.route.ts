import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OutgoingHttpHeaders } from 'node:http';
import { requestedRange, type ByteRange } from '../downloads/byte-range.js';
import type { DownloadGrant } from '../downloads/download-token.js';
import type { KeptArtefact } from '../downloads/kept-artefacts.js';
import { pourFile } from '../downloads/pour-file.js';
import type { ServedFile } from '../downloads/served-file.js';
import { ServingError } from '../errors.js';
import { deviceOf } from './device-request.js';
import { sendError } from './send.js';
import { SnapServing } from './snap-serving.js';

const PATH = '/download/:token/:file';

@Controller()
export class DownloadRoute {
  constructor(private readonly serving: SnapServing) {}

  /** For the connectivity check (protocol page 5.7): nothing is fetched for it. */
  @Head(PATH)
  async head(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const grant = this.grant(token, request);
    if (grant.from === 'kept') await this.checkKept(grant);
    await describe(reply, grant.size).code(200).send();
  }

  /** An artefact, whole or a range of it (protocol page 6). Never compressed. */
  @Get(PATH)
  async get(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const grant = this.grant(token, request);
    const { size } = grant;
    const asked = requestedRange(request.headers.range, size);
    if (asked.kind === 'unsatisfiable') {
      void reply.header('content-range', `bytes */${size}`);
      return await sendError(reply, 416, 'range-not-satisfiable', `the artefact has ${size} bytes`);
    }
    const range = asked.kind === 'part' ? asked.range : { start: 0, end: size - 1 };
    const file = await this.open(grant, range.start);
    if (asked.kind === 'part')
      void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
    void describe(reply, range.end - range.start + 1);
    await sendFile(reply, file, range);
  }

  /** @throws ServingError `download-refused`, `download-expired` */
  private grant(token: string, request: FastifyRequest): DownloadGrant {
    const { tokens, now } = this.serving.parts;
    return tokens.open(token, deviceOf(request).store, now());
  }

  private async open(grant: DownloadGrant, start: number): Promise<ServedFile> {
    const { kept, cache } = this.serving.parts;
    if (grant.from === 'kept') return await kept.open(await this.checkKept(grant), start);
    const { sha3_384, size, upstream = '' } = grant;
    return await cache.open({ sha3_384, size, upstream }, start);
  }

  /** @throws ServingError `artefact-missing`: what is not what was approved is as good as not there */
  private async checkKept({ sha256 = '', sha3_384, size }: DownloadGrant): Promise<KeptArtefact> {
    const { events, kept } = this.serving.parts;
    const artefact = { sha256, sha3_384, size };
    const intactness = await kept.check(artefact);
    if (intactness === 'intact') return artefact;
    events.keptBlobUnusable(sha256, intactness);
    throw new ServingError(
      'artefact-missing',
      intactness === 'altered'
        ? 'the kept file is not what was approved any more, so it is not handed out; tell the operators of this site'
        : 'the kept file is missing; tell the operators of this site',
    );
  }
}

/** Past Fastify, whose streams read small pieces into new buffers each. A device that goes away ends it; what it has is not complete then. */
async function sendFile(reply: FastifyReply, file: ServedFile, range: ByteRange): Promise<void> {
  reply.hijack();
  reply.raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  await pourFile(file, range, reply.raw);
}

function describe(reply: FastifyReply, length: number): FastifyReply {
  return reply
    .header('content-type', 'application/octet-stream')
    .header('accept-ranges', 'bytes')
    .header('content-length', length);
}

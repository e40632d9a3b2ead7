import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OutgoingHttpHeaders } from 'node:http';
import type { EndedDownload } from '#fleet/published';
import { requestedRange, type ByteRange } from '../downloads/byte-range.js';
import { downloadFailure } from '../downloads/download-failure.js';
import type { DownloadGrant } from '../sealed/download-tokens.js';
import type { KeptArtefact, Unusable } from '../downloads/kept-artefacts.js';
import { pourFile } from '../downloads/pour-file.js';
import type { ServedFile } from '../downloads/served-file.js';
import { ServingError } from '../errors.js';
import type { ServedRing } from '../policy/ring-state.js';
import { deviceMark } from './device-mark.js';
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
    const { grant } = this.granted(token, request);
    if (grant.from === 'kept') await this.telling(() => this.checkKept(keptArtefact(grant)));
    await describe(reply, grant.size).code(200).send();
  }

  /** An artefact, whole or a range of it (protocol page 6). Never compressed. */
  @Get(PATH)
  async get(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { grant, ring } = this.granted(token, request);
    const { size } = grant;
    const asked = requestedRange(request.headers.range, size);
    if (asked.kind === 'unsatisfiable') {
      void reply.header('content-range', `bytes */${size}`);
      return await sendError(reply, 416, 'range-not-satisfiable', `the artefact has ${size} bytes`);
    }
    const range = asked.kind === 'part' ? asked.range : { start: 0, end: size - 1 };
    await this.telling(async () => {
      const file = await this.open(grant, range.start);
      if (asked.kind === 'part')
        void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
      void describe(reply, range.end - range.start + 1);
      await this.send(reply, file, range, grant, ring, request);
    });
  }

  /** Who asks for a part that is not the last one has not got the artefact by that. */
  private async send(
    reply: FastifyReply,
    file: ServedFile,
    range: ByteRange,
    grant: DownloadGrant,
    { position, member }: ServedRing,
    request: FastifyRequest,
  ): Promise<void> {
    const { events } = this.serving.parts;
    const artefact = namedArtefact(grant);
    const ended = (outcome: 'completed' | 'broken-off'): void => {
      if (artefact)
        events.downloadEnded(deviceMark(this.serving, request), position, { ...artefact, outcome }, member);
    };
    try {
      await sendFile(reply, file, range);
    } catch (error) {
      ended('broken-off');
      throw error;
    }
    if (range.end === grant.size - 1) ended('completed');
  }

  /** So that a disk or a bucket that fails is seen here, and not only by devices. */
  private async telling<Result>(download: () => Promise<Result>): Promise<Result> {
    try {
      return await download();
    } catch (error) {
      const failure = downloadFailure(error);
      if (failure !== undefined) this.serving.parts.events.downloadFailed(failure, error);
      throw error;
    }
  }

  /**
   * What an address stands for, and the ring that it is given out in: taken once, so that a device whose ring changes meanwhile gets what was begun, and the record of it
   * says by which rule that was.
   * @throws ServingError `download-refused`, `download-expired`
   */
  private granted(
    token: string,
    request: FastifyRequest,
  ): { readonly grant: DownloadGrant; readonly ring: ServedRing } {
    const { tokens, now } = this.serving.parts;
    const grant = tokens.open(token, deviceOf(request).store, now());
    const ring = this.serving.ringOfAddress(grant.ring, request);
    this.require(grant, ring);
    return { grant, ring };
  }

  /**
   * The ring may have changed since the address was handed out: what is denied now, or was upstream's and the ring is gated since, is not
   * sent. What was approved then is.
   * @throws ServingError `download-refused`
   */
  private require({ from, snapId, sha3_384 }: DownloadGrant, ring: ServedRing): void {
    const { access } = ring;
    const served = from === 'relayed' ? access.passes(snapId) : !access.denies(snapId);
    if (served) return;
    this.serving.refused(ring, 'artefact', snapId ?? sha3_384);
    throw new ServingError('download-refused', 'this snap is not given out here any more; ask for it again');
  }

  private async open(grant: DownloadGrant, start: number): Promise<ServedFile> {
    if (grant.from === 'kept') return await this.openKept(keptArtefact(grant), start);
    const { sha3_384, size, upstream = '' } = grant;
    return await this.serving.parts.cache.open({ sha3_384, size, upstream }, start);
  }

  /** @throws ServingError `artefact-missing` */
  private async openKept(artefact: KeptArtefact, start: number): Promise<ServedFile> {
    const opened = await this.serving.parts.kept.open(artefact, start);
    if (typeof opened === 'string') throw this.unusable(artefact, opened);
    return opened;
  }

  /** @throws ServingError `artefact-missing` */
  private async checkKept(artefact: KeptArtefact): Promise<void> {
    const found = await this.serving.parts.kept.check(artefact);
    if (found !== 'intact') throw this.unusable(artefact, found);
  }

  /** What is not what was approved is as good as not there. */
  private unusable({ sha256 }: KeptArtefact, why: Unusable): ServingError {
    this.serving.parts.events.keptBlobUnusable(sha256, why);
    return new ServingError(
      'artefact-missing',
      why === 'altered'
        ? 'the kept file is not what was approved any more, so it is not handed out; tell the operators of this site'
        : 'the kept file is missing; tell the operators of this site',
    );
  }
}

/** Which revision it is, as the address says that we made; undefined where it says none. */
function namedArtefact({ snapId, file = '' }: DownloadGrant): Omit<EndedDownload, 'outcome'> | undefined {
  const [, name, revision] = /^([a-z0-9-]+)_(?:[0-9]+_)?([0-9]+)\.(?:snap|delta)$/.exec(file) ?? [];
  return name === undefined ? undefined : { snapId: snapId ?? null, name, revision: Number(revision) };
}

function keptArtefact({ sha256 = '', sha3_384, size }: DownloadGrant): KeptArtefact {
  return { sha256, sha3_384, size };
}

/** Past Fastify, whose streams read small pieces into new buffers each. A device that goes away ends it; what it has is not complete then. */
async function sendFile(reply: FastifyReply, file: ServedFile, range: ByteRange): Promise<void> {
  reply.hijack();
  reply.raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  if (file.late) reply.raw.flushHeaders();
  await pourFile(file, range, reply.raw);
}

function describe(reply: FastifyReply, length: number): FastifyReply {
  return reply
    .header('content-type', 'application/octet-stream')
    .header('accept-ranges', 'bytes')
    .header('content-length', length);
}

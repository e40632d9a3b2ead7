import { createHash } from 'node:crypto';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UpstreamError } from '#upstream/published';
import { ServingError } from '../errors.js';
import { MOST_PICTURE_BYTES, PictureShelf, type Picture } from '../media/picture-shelf.js';
import { ANY_STORE } from '../sealed/media-tokens.js';
import { upstreamWords } from '../upstream-words.js';
import { UPSTREAM_BUDGET_MS } from './ask-upstream.js';
import { SnapServing } from './snap-serving.js';

@Controller()
export class MediaRoute {
  private readonly shelf = new PictureShelf((url) => this.fetch(url));

  constructor(private readonly serving: SnapServing) {}

  /** A picture of upstream's: a device in a closed network gets it from nowhere else, and snapd waits long for what does not come. */
  @Get('/media/:token')
  async picture(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { media, now } = this.serving.parts;
    const { ring: made, upstream, snapId } = media.open(token, ANY_STORE, now());
    const ring = this.serving.ringOfAddress(made, request);
    if (ring.access.denies(snapId)) {
      // Not its address: what upstream put into it is not for the record.
      this.serving.refused(ring, 'picture', snapId ?? 'a picture of no known snap');
      throw new ServingError('download-refused', 'this snap is not given out here, nor are its pictures');
    }
    const { type, bytes } = await this.shelf.get(upstream, now());
    const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
    void reply.headers({
      etag,
      // What upstream calls a picture may hold scripts (SVG): to whoever opens it, it is of no origin.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    if (request.headers['if-none-match'] === etag) return void (await reply.code(304).send());
    await reply.code(200).header('content-type', type).send(bytes);
  }

  /** @throws ServingError `artefact-missing`, `upstream-unavailable` */
  private async fetch(url: string): Promise<Picture> {
    const { upstream, events } = this.serving.parts;
    try {
      const headers = { accept: 'image/*' };
      const answer = await upstream.follow(url, {
        headers,
        limit: MOST_PICTURE_BYTES,
        budget: UPSTREAM_BUDGET_MS,
      });
      const type = /^image\/[a-z0-9.+-]{1,40}/.exec(answer.headers['content-type'] ?? '')?.[0];
      if (answer.status === 200 && type !== undefined) return { type, bytes: answer.body };
      if (answer.status >= 500)
        throw new ServingError('upstream-unavailable', 'upstream does not give the picture now');
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      events.upstreamFailed('media', error.message);
      if (error.transient)
        throw new ServingError(
          'upstream-unavailable',
          `the picture cannot be had now: ${upstreamWords(error)}`,
        );
    }
    throw new ServingError('artefact-missing', 'upstream has no picture at this address');
  }
}

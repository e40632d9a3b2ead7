import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readSuggestedCurrency } from '#snap';
import { UpstreamError } from '#upstream/published';
import { findInManifests, patchedFind, type FindQuery } from '../answer/find-answer.js';
import { resolveChannel } from '../answer/resolve-channel.js';
import { ServingError } from '../errors.js';
import { addressesFor } from './addresses.js';
import { checkedArchitecture, deviceOf, type Device } from './device-request.js';
import { relayRemembered } from './remembered-relay.js';
import { parseObject } from './parse-object.js';
import { sendJson, sendRelayed, suggestCurrency } from './send.js';
import { SnapServing } from './snap-serving.js';

/** All that snapd asks (protocol page 5.2). Nothing else goes on. */
const MEMBERS = [
  'architecture',
  'category',
  'channel',
  'common-id',
  'confinement',
  'fields',
  'name',
  'private',
  'q',
  'scope',
];
const MOST_CHARACTERS = 2_000;

@Controller()
export class FindRoute {
  constructor(private readonly serving: SnapServing) {}

  /**
   * A search, as the ring would find: a gated ring finds what it holds and what of upstream's it allows, an open one what upstream has, at the
   * revisions that are held. Of a denied snap nothing is found.
   */
  @Get('/v2/snaps/find')
  async find(
    @Query() asked: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const device = deviceOf(request);
    const ring = this.serving.ringOf(request);
    const addresses = addressesFor(this.serving, request, device, ring);
    const given = readMembers(asked);
    const query = readQuery(given, device);
    const held = () => findInManifests(ring, query, addresses);
    if (!ring.access.passesSome) return await sendJson(reply, 200, held());
    const answer = await relayRemembered(this.serving, request, {
      what: 'find',
      path: `/v2/snaps/find?${search(given)}`,
      isGood: (body) => parseObject(body) !== undefined,
    });
    if (!(answer instanceof UpstreamError)) {
      const found = answer.status === 200 ? parseObject(answer.body) : undefined;
      // 401, 429, or a search that upstream does not take: it says so itself.
      if (answer.status !== 200) return await sendRelayed(reply, answer);
      if (found) {
        suggestCurrency(reply, readSuggestedCurrency(answer.headers));
        return await sendJson(reply, 200, patchedFind(ring, query, found, addresses));
      }
    }
    const { results } = held();
    if (results.length === 0)
      throw new ServingError(
        'upstream-unavailable',
        'nothing that is held here matches, and the upstream store cannot be asked now',
      );
    await sendJson(reply, 200, { results });
  }
}

/** A revision and a channel are asked for in any case: without them nothing could be judged. */
function search(given: ReadonlyMap<string, string>): string {
  const query = new URLSearchParams([...given]);
  const fields = given.get('fields');
  if (fields !== undefined)
    query.set('fields', [...new Set([...fields.split(','), 'revision', 'channel'])].join(','));
  return query.toString();
}

/** @throws ServingError `bad-request` */
function readMembers(asked: Record<string, unknown>): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const name of MEMBERS) {
    const value = asked[name];
    if (value === undefined || value === '') continue;
    if (typeof value !== 'string' || value.length > MOST_CHARACTERS)
      throw new ServingError('bad-request', `${name} is given twice, or is too long`);
    given.set(name, value);
  }
  return given;
}

/** @throws ServingError `bad-request`; SnapError `malformed-channel` */
function readQuery(given: ReadonlyMap<string, string>, device: Device): FindQuery {
  const architecture = given.get('architecture') ?? device.architecture;
  if (architecture === undefined)
    throw new ServingError('bad-request', 'the request does not say the architecture of the device');
  const channel = given.get('channel');
  return {
    architecture: checkedArchitecture(architecture),
    q: given.get('q'),
    name: given.get('name'),
    commonId: given.get('common-id'),
    category: given.get('category'),
    channel: channel === undefined ? undefined : resolveChannel(channel, undefined).full,
    private: given.get('private') === 'true',
  };
}

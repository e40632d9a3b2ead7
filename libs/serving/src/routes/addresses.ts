import type { FastifyRequest } from 'fastify';
import type { Addresses } from '../answer/refresh-results.js';
import { ANY_STORE } from '../sealed/media-tokens.js';
import { baseUrl, type Device } from './device-request.js';
import type { AssertionAddresses } from '../assertions/finish-fetch.js';
import { upstreamPath } from '../assertions/assertion-request.js';
import type { ServedRing } from '../policy/ring-state.js';
import type { SnapServing } from './snap-serving.js';

/** Addresses of ours for one request: where it reached us, for the store that it named. */
export function addressesFor(
  { parts }: SnapServing,
  request: FastifyRequest,
  device: Device,
  served: ServedRing,
): Addresses {
  const ring = ringOfMembers(served);
  const root = baseUrl(request, parts.publicUrl);
  const base = `${root}/download`;
  const { tokens, media } = parts;
  const now = parts.now();
  return {
    kept: ({ snapId, sha256, sha3_384, size }, file) =>
      `${base}/${tokens.seal({ ring, from: 'kept', snapId, file, sha256, sha3_384, size }, device.store, now)}/${file}`,
    relayed: (artefact, file) =>
      `${base}/${tokens.seal({ ring, ...artefact, file }, device.store, now)}/${file}`,
    media: (upstream, snapId) => `${root}/media/${media.seal({ ring, upstream, snapId }, ANY_STORE, now)}`,
  };
}

/** Where a device gets assertions (protocol page 4.5). */
export function assertionAddressesFor(
  { parts }: SnapServing,
  request: FastifyRequest,
  device: Device,
  served: ServedRing,
): AssertionAddresses {
  const ring = ringOfMembers(served);
  const base = baseUrl(request, parts.publicUrl);
  return {
    one: (query) => `${base}${upstreamPath(query)}`,
    relayed: (upstream, formats) =>
      `${base}/assertion-stream/${parts.streams.seal({ ring, upstream, formats }, device.store, parts.now())}`,
  };
}

/** What an address says of the ring that it was made for: nothing of the proxy's own. */
function ringOfMembers({ ring, member }: ServedRing): string | undefined {
  return member && ring;
}

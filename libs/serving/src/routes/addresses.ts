import type { FastifyRequest } from 'fastify';
import type { Addresses } from '../answer/refresh-results.js';
import { ANY_STORE } from '../sealed/media-tokens.js';
import { baseUrl, type Device } from './device-request.js';
import type { AssertionAddresses } from '../assertions/finish-fetch.js';
import { upstreamPath } from '../assertions/assertion-request.js';
import type { SnapServing } from './snap-serving.js';

/** Addresses of ours for one request: where it reached us, for the store that it named. */
export function addressesFor({ parts }: SnapServing, request: FastifyRequest, device: Device): Addresses {
  const root = baseUrl(request, parts.publicUrl);
  const base = `${root}/download`;
  const { tokens, media } = parts;
  const now = parts.now();
  return {
    kept: ({ snapId, sha256, sha3_384, size }, file) =>
      `${base}/${tokens.seal({ from: 'kept', snapId, file, sha256, sha3_384, size }, device.store, now)}/${file}`,
    relayed: (artefact, file) => `${base}/${tokens.seal({ ...artefact, file }, device.store, now)}/${file}`,
    media: (upstream, snapId) => `${root}/media/${media.seal({ upstream, snapId }, ANY_STORE, now)}`,
  };
}

/** Where a device gets assertions (protocol page 4.5). */
export function assertionAddressesFor(
  { parts }: SnapServing,
  request: FastifyRequest,
  device: Device,
): AssertionAddresses {
  const base = baseUrl(request, parts.publicUrl);
  return {
    one: (query) => `${base}${upstreamPath(query)}`,
    relayed: (upstream, formats) =>
      `${base}/assertion-stream/${parts.streams.seal({ upstream, formats }, device.store, parts.now())}`,
  };
}

import type { FastifyRequest } from 'fastify';
import { readDeviceClaims } from '#snap';
import { ServingError } from '../errors.js';

/** What a device says of itself in its headers, of either generation (protocol page 2). */
export interface Device {
  readonly architecture: string | undefined;
  /** The brand store, empty for none. */
  readonly store: string;
}

export function deviceOf(request: FastifyRequest): Device {
  const { architecture, store } = readDeviceClaims(request.headers);
  return {
    architecture: architecture === undefined ? undefined : checkedArchitecture(architecture),
    store: store ?? '',
  };
}

/** @throws ServingError `bad-request` */
export function checkedArchitecture(text: string): string {
  if (!/^[a-z0-9]{2,16}$/.test(text)) throw new ServingError('bad-request', 'the architecture is none');
  return text;
}

/** What upstream needs to know of the device, and its user's credentials, which are for upstream. Nothing else of a request goes on. */
const RELAYED =
  /^(?:snap-(?!device-authorization$)|x-ubuntu-|authorization$|user-agent$|content-type$|accept$)/;

/** All but the device's session, which is ours: see `upstreamHeaders`. */
export function relayedHeaders(request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && RELAYED.test(name)) headers[name] = value;
  }
  return headers;
}

/**
 * Where the device reaches us: what it sent its request to. The Host header is the sender's to choose, and only its own answer is made with it.
 * @throws ServingError `bad-request` for a Host that could not stand in a URL
 */
export function baseUrl(request: FastifyRequest, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl;
  const host = request.headers.host ?? '';
  if (!/^(?:[a-zA-Z0-9.-]{1,255}|\[[0-9a-fA-F:.]{2,45}\])(?::[0-9]{1,5})?$/.test(host)) {
    throw new ServingError('bad-request', 'the Host header names no host');
  }
  return `${request.protocol}://${host}`;
}

import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { UpstreamError } from '../errors.js';
import { isPublicAddress } from './public-address.js';

export type Resolve = (hostname: string, options: LookupAllOptions) => Promise<LookupAddress[]>;

/**
 * A socket's `lookup` that only ever answers with public addresses. The socket connects to what this very call checked, so
 * nothing can resolve differently in between (DNS rebinding). One private address among public ones condemns them all.
 */
export function pinnedLookup(resolve: Resolve = systemLookup): LookupFunction {
  const checked = callbackify(async (hostname: string, options: LookupAllOptions) =>
    onlyPublic(hostname, await resolve(hostname, options)),
  );
  return (hostname, options, callback) => {
    checked(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) callback(error, '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0].address, addresses[0].family);
    });
  };
}

function onlyPublic(hostname: string, addresses: LookupAddress[]): [LookupAddress, ...LookupAddress[]] {
  const [first, ...others] = addresses;
  const refused = addresses.find(({ address }) => !isPublicAddress(address));
  if (!first || refused) {
    throw refusal(`${hostname} resolves to ${refused?.address ?? 'nothing'}, which isn't a public address`);
  }
  return [first, ...others];
}

export function refusal(message: string): UpstreamError {
  return new UpstreamError('refused-address', message);
}

import { isIP } from 'node:net';

/** Who browsers and security keys take us for (W3C WebAuthn, 4, "Relying Party"). */
export interface RelyingParty {
  /** Such as `https://holdfast.site.example`: pages of no other origin get an answer that counts. */
  readonly origin: string;
  /** The host of it. A key answers nobody else, so that keys are void under another name. */
  readonly rpId: string;
}

export const RELYING_PARTY = Symbol('RelyingParty');

/**
 * By the address at which people reach control. Undefined where browsers let no key be used: at an IP address, and over plain HTTP but on this machine.
 * @param url an http(s) address
 */
export function relyingPartyAt(url: string): RelyingParty | undefined {
  const { origin, hostname, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = protocol === 'https:' || host === 'localhost' || host.endsWith('.localhost');
  return secure && isIP(host) === 0 ? { origin, rpId: hostname } : undefined;
}

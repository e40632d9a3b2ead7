import { sha256Hex } from '#kernel';
import { DeviceSessions, type DeviceSession } from '../sessions/device-sessions.js';
import type { DeviceIdentity } from '../sessions/session-request.js';

/** Sessions whose device is known; of more, the ones that were opened first are forgotten. */
const MOST_KNOWN = 20_000;

const NOBODY: DeviceIdentity = { brand: '', model: '', serial: '' };

/**
 * Of a shadow: the sessions that devices show are the incumbent's, which had them of the upstream store and did not seal them. Upstream judges
 * them. Whose one is, is known when it was seen being opened.
 */
export class IncumbentSessions extends DeviceSessions {
  private readonly known = new Map<string, DeviceIdentity>();

  /** @param macaroon as the incumbent gave it to this device */
  learn(macaroon: string, identity: DeviceIdentity): void {
    const [oldest] = this.known.keys();
    if (oldest !== undefined && this.known.size >= MOST_KNOWN) this.known.delete(oldest);
    this.known.set(sha256Hex(Buffer.from(macaroon)), identity);
  }

  override open(authorization: string): DeviceSession | undefined {
    const [, macaroon] = /^Macaroon root="([\x21\x23-\x7e]{1,8192})"$/.exec(authorization) ?? [];
    if (macaroon === undefined) return undefined;
    const identity = this.known.get(sha256Hex(Buffer.from(macaroon))) ?? NOBODY;
    return { ...identity, upstream: macaroon };
  }
}

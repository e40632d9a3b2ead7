import { SealedTokens } from '../sealed/sealed-tokens.js';
import type { DeviceIdentity } from './session-request.js';

/** What a session of ours stands for. */
export interface DeviceSession extends DeviceIdentity {
  /** Upstream's own session, which stays on our side; null for one that was opened while upstream could not be asked. */
  readonly upstream: string | null;
}

/** Upstream ends its sessions itself; this is how long one is remembered that nobody uses. */
const LIFETIME_MS = 90 * 24 * 60 * 60 * 1000;
/** One without upstream's is to be renewed soon: it does not show that a brand made the device's serial. */
const ALONE_LIFETIME_MS = 60 * 60 * 1000;
/** Between a nonce and the session request that is signed over it. */
const NONCE_LIFETIME_MS = 10 * 60 * 1000;

/**
 * The sessions that devices show us. A device is who its session proves: whoever has one was accepted by upstream with this serial, or, while
 * upstream was gone, showed the key that its serial names.
 */
export class DeviceSessions {
  private readonly sessions: SealedTokens<DeviceSession>;
  private readonly alone: SealedTokens<DeviceSession>;
  private readonly nonces: SealedTokens<object>;

  /** @param key the proxy's secret, at least 32 bytes: proxies that share it know each other's sessions */
  constructor(key: Uint8Array) {
    this.sessions = new SealedTokens(key, 'session', LIFETIME_MS);
    this.alone = new SealedTokens(key, 'session-alone', ALONE_LIFETIME_MS);
    this.nonces = new SealedTokens(key, 'nonce', NONCE_LIFETIME_MS);
  }

  /** @param now milliseconds since the epoch */
  seal(session: DeviceSession, now: number): string {
    return session.upstream === null
      ? `a.${this.alone.seal(session, [], now)}`
      : `s.${this.sessions.seal(session, [], now)}`;
  }

  /** @param authorization of `Snap-Device-Authorization`: `Macaroon root="…"` @returns undefined for none of ours, or one that is over */
  open(authorization: string, now: number): DeviceSession | undefined {
    const [, kind, token = ''] = /^Macaroon root="([as])\.([A-Za-z0-9_-]+)"$/.exec(authorization) ?? [];
    if (kind === undefined) return undefined;
    const opened = (kind === 's' ? this.sessions : this.alone).open(token, [], now);
    return typeof opened === 'string' ? undefined : opened;
  }

  nonce(now: number): string {
    return this.nonces.seal({}, [], now);
  }

  /** Whether a nonce is ours, and fresh. */
  isOurs(nonce: string, now: number): boolean {
    return typeof this.nonces.open(nonce, [], now) !== 'string';
  }
}

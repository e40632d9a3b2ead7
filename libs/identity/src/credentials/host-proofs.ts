import { createHmac, timingSafeEqual } from 'node:crypto';
import { later } from '#kernel';
import { derivedKey } from '#platform/derived-key';
import { IdentityError } from '../domain/errors.js';
import type { RecoveryHost } from '../domain/person/admin-recovery-events.js';

const PREFIX = 'hfh_';
const LONGEST = 2_000;
/** How long one is good: it is given on within the hour, or made again. */
const MINUTES = 60;

/** What a host says when it is asked for a recovery. */
interface Said extends RecoveryHost {
  /** Whom it is for. */
  readonly login: string;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/**
 * A text which shows that its maker could read the site's key, on the host: an HMAC over what the host says of itself. Worth nothing without two
 * people who sign in (R23); it is kept nowhere.
 */
export class HostProofs {
  private readonly key: Uint8Array;

  /** @param siteKey 32 bytes; the key in use is derived from it (RFC 5869) and good for nothing else */
  constructor(siteKey: Uint8Array) {
    this.key = derivedKey(siteKey, 'host-proof/v1');
  }

  /** @param at RFC 3339, UTC; the proof is good for an hour after it */
  make(login: string, host: RecoveryHost, at: string): { readonly text: string; readonly expiresAt: string } {
    const expiresAt = later(at, MINUTES * 60_000);
    const said: Said = { ...host, login, expiresAt };
    const body = Buffer.from(JSON.stringify(said)).toString('base64url');
    return { text: `${PREFIX}${body}.${this.mac(body)}`, expiresAt };
  }

  /** @param at RFC 3339, UTC @throws IdentityError `host-proof-refused` */
  open(text: string, login: string, at: string): RecoveryHost {
    const said = this.read(text.trim());
    if (said === undefined)
      throw refused('it was not made by "holdfast recover-admin" on a host of this site');
    if (said.login !== login) throw refused(`it is for ${said.login}`);
    const left = Date.parse(said.expiresAt) - Date.parse(at);
    // One from the future is of a host whose clock is wrong by more than that.
    if (left <= 0 || left > 2 * MINUTES * 60_000) throw refused(`it was good until ${said.expiresAt}`);
    return { name: said.name, account: said.account, proof: said.proof };
  }

  private read(text: string): Said | undefined {
    if (!text.startsWith(PREFIX) || text.length > LONGEST) return undefined;
    const [body = '', mac = '', ...more] = text.slice(PREFIX.length).split('.');
    const [given, right] = [Buffer.from(mac), Buffer.from(this.mac(body))];
    if (more.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    // The HMAC is right: these are the bytes that make() wrote.
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Said;
  }

  private mac(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url');
  }
}

function refused(why: string): IdentityError {
  return new IdentityError(
    'host-proof-refused',
    `the proof of the host is not good: ${why}. Make one with "holdfast recover-admin <login>" where the servers run`,
  );
}

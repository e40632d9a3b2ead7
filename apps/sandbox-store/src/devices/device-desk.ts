import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import {
  decodePublicKey,
  keyId,
  parseAssertion,
  scalarOf,
  splitAssertions,
  verifyAssertionSignature,
  type Assertion,
} from '#snap';
import { sign, TIMESTAMP } from '../assertions/sign.js';
import { DEVELOPER } from '../content/developer.js';
import { SandboxError } from '../sandbox-error.js';

/**
 * Gives devices their serials and opens their sessions (protocol page §8). The brand of all of them is the developer. What is open is in memory: a
 * restart ends it, and devices then open another one.
 */
export class DeviceDesk {
  private readonly tickets = new Set<string>();
  private readonly sessions = new Set<string>();
  private serials = 0;

  /** @param brandKey the developer's own */
  constructor(private readonly brandKey: KeyObject) {}

  /** A request-id or a nonce: good once, and only signed by the device. */
  ticket(): string {
    const ticket = randomUUID();
    this.tickets.add(ticket);
    return ticket;
  }

  /** @param stream a serial-request, and the model @throws SandboxError `bad-request`; SnapError */
  serial(stream: string): Assertion {
    const request = splitAssertions(stream).find(({ type }) => type === 'serial-request');
    if (request === undefined) throw badRequest('there is no serial-request');
    const deviceKey = header(request, 'device-key');
    this.take(request, 'request-id', deviceKey);
    if (header(request, 'brand-id') !== DEVELOPER.id)
      throw badRequest('the brand of the devices of this store is its developer');
    return sign(this.brandKey, {
      type: 'serial',
      headers: {
        'authority-id': DEVELOPER.id,
        'brand-id': DEVELOPER.id,
        model: header(request, 'model'),
        serial: `sandbox-${++this.serials}`,
        'device-key': deviceKey,
        'device-key-sha3-384': keyId(decodePublicKey(deviceKey)),
        timestamp: TIMESTAMP,
      },
    });
  }

  /** @returns the session, opaque to the device @throws SandboxError `bad-request`; SnapError */
  openSession(requestText: string, serialText: string): string {
    const [request, serial] = [parseAssertion(requestText), parseAssertion(serialText)];
    verifyAssertionSignature(serial, createPublicKey(this.brandKey));
    this.take(request, 'nonce', header(serial, 'device-key'));
    const session = `sandbox-session-${randomUUID()}`;
    this.sessions.add(session);
    return session;
  }

  /** @param authorization `Macaroon root="…"` */
  isOpen(authorization: string): boolean {
    return this.sessions.has(/^Macaroon root="(.*)"$/.exec(authorization)?.[1] ?? '');
  }

  endSessions(): void {
    this.sessions.clear();
  }

  private take(request: Assertion, name: string, deviceKey: string): void {
    verifyAssertionSignature(request, decodePublicKey(deviceKey));
    if (!this.tickets.delete(header(request, name)))
      throw badRequest(`this ${name} was not given out, or is used`);
  }
}

function header({ headers, type }: Assertion, name: string): string {
  const value = scalarOf(headers, name);
  if (value === undefined) throw badRequest(`the ${type} has no ${name}`);
  return value;
}

function badRequest(message: string): SandboxError {
  return new SandboxError('bad-request', message);
}

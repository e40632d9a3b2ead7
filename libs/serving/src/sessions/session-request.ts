import type { JsonObject } from '#kernel';
import { decodePublicKey, parseAssertion, scalarOf, verifyAssertionSignature, type Assertion } from '#snap';
import { ServingError } from '../errors.js';

/** Who a device is, as its serial assertion says. */
export interface DeviceIdentity {
  readonly brand: string;
  readonly model: string;
  readonly serial: string;
}

export interface SessionRequest {
  readonly identity: DeviceIdentity;
  readonly nonce: string;
}

/**
 * Reads what a device asks a session with (protocol page 8.2): its request is signed by the key that its serial names, and speaks of the same
 * device. That the serial is its brand's own word is upstream's to judge, which has the brand's keys.
 * @throws ServingError `bad-request`; SnapError
 */
export function readSessionRequest(body: JsonObject): SessionRequest {
  const request = assertionIn(body, 'device-session-request', 'device-session-request');
  const serial = assertionIn(body, 'serial-assertion', 'serial');
  const model = assertionIn(body, 'model-assertion', 'model');
  const identity = {
    brand: header(serial, 'brand-id'),
    model: header(serial, 'model'),
    serial: header(serial, 'serial'),
  };
  const same =
    header(request, 'brand-id') === identity.brand &&
    header(request, 'model') === identity.model &&
    header(request, 'serial') === identity.serial &&
    header(model, 'brand-id') === identity.brand &&
    header(model, 'model') === identity.model;
  if (!same) throw badRequest('the assertions speak of different devices');
  verifyAssertionSignature(request, decodePublicKey(header(serial, 'device-key')));
  return { identity, nonce: header(request, 'nonce') };
}

function assertionIn(body: JsonObject, member: string, type: string): Assertion {
  const text = body[member];
  if (typeof text !== 'string') throw badRequest(`${member} is missing`);
  const assertion = parseAssertion(text);
  if (assertion.type !== type) throw badRequest(`${member} is a ${assertion.type}`);
  return assertion;
}

function header({ headers, type }: Assertion, name: string): string {
  const value = scalarOf(headers, name);
  if (value === undefined || value === '') throw badRequest(`the ${type} has no ${name}`);
  return value;
}

function badRequest(message: string): ServingError {
  return new ServingError('bad-request', message);
}

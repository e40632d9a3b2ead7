import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import { registration, REGISTRATION_STREAM, type Registration } from './registration.js';

const { given } = specify(registration);
const context = byWorker(REGISTRATION_STREAM);
const one: Registration = {
  storeId: 'lab-proxy',
  operatorId: 'operator',
  url: 'https://store.site.example',
  revision: 0,
  sha256: 'a'.repeat(64),
};
const two: Registration = { ...one, revision: 1, sha256: 'b'.repeat(64) };
const registered = (old: Registration | null, now: Registration) =>
  ({ type: 'StoreRegistered', data: { old, new: now } }) as const;

describe("a store's registration", () => {
  it('is recorded, with the one before', () =>
    given(registered(null, one))
      .when({ type: 'RegisterStore', registration: two, context })
      .then(registered(one, two)));
  it('is recorded once', () =>
    given(registered(null, one)).when({ type: 'RegisterStore', registration: one, context }).thenNothing());
  it('ends', () =>
    given(registered(null, one))
      .when({ type: 'RemoveRegistration', context })
      .then({ type: 'RegistrationRemoved', data: { old: one } }));
  it('cannot end twice', () =>
    given(registered(null, one), { type: 'RegistrationRemoved', data: { old: one } })
      .when({ type: 'RemoveRegistration', context })
      .thenNothing());
});

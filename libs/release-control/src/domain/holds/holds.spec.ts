import { describe, it } from 'vitest';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import type { HoldExpiry } from '../change-request/hold-expiry.js';
import { holds, type HoldExpired, type HoldReminded, type HoldTermsSet, type SignedEnd } from './holds.js';

const { given } = specify(holds);
const target = { format: 'snap', subject: 'abc', channel: 'latest/stable', architecture: 'amd64' } as const;
const hold = { target, name: 'core22', version: '7' };
const terms = {
  owner: 'ana',
  risk: 'the fix is for a part that we do not use',
  expiresAt: '2026-12-31T00:00:00.000Z',
};
const qa = byPerson('quinn', ['qa@pilot'], { at: '2026-11-01T00:00:00.000Z' });
const held = { ...hold, changeRequest: 'CR-1' };
const set = {
  type: 'SetHoldTerms',
  ring: 'pilot',
  holds: [held],
  wrote: [{ author: { id: 'id-of-Ana', name: 'Ana' } }],
  terms,
  context: qa,
} as const;
const termsSet: HoldTermsSet = { type: 'HoldTermsSet', data: { ...hold, old: null, new: terms } };
const lookAt = (at: string, seen = hold) =>
  ({
    type: 'LookAtHold',
    hold: seen,
    signed: null,
    frozen: false,
    context: byWorker('holds/pilot', { at }),
  }) as const;
const reminded = (days: number): HoldReminded => {
  return { type: 'HoldReminded', data: { ...hold, owner: 'ana', expiresAt: terms.expiresAt, days } };
};
const expired: HoldExpired = {
  type: 'HoldExpired',
  data: { ...hold, owner: 'ana', risk: terms.risk, expiresAt: terms.expiresAt },
};

describe('a hold', () => {
  it('R38: has terms that somebody who signs in its ring has set, old and new', () => {
    given().when(set).then(termsSet);
    given(termsSet).when(set).thenNothing();
    const longer = { ...terms, expiresAt: null };
    given(termsSet)
      .when({ ...set, terms: longer })
      .then({ type: 'HoldTermsSet', data: { ...hold, old: terms, new: longer } });
    given()
      .when({ ...set, ring: 'production' })
      .thenRefused('hold-terms-need-a-signer');
    given()
      .when({ ...set, context: byPerson('olga', ['operator']) })
      .thenRefused('hold-terms-need-a-signer');
    given()
      .when({ ...set, context: byPerson('quinn', ['qa', 'admin']) })
      .thenRefused('hold-terms-need-a-signer');
    given()
      .when({ ...set, context: byPerson('Ana', ['author', 'approver']) })
      .thenRefused('author-cannot-verify');
    given()
      .when({ ...set, terms: { ...terms, expiresAt: '2026-10-31T00:00:00.000Z' } })
      .thenRefused('wrong-hold-terms');
  });

  it('is reminded of 30, 7 and 1 days before its end, once each', () => {
    given(termsSet).when(lookAt('2026-11-30T00:00:00.000Z')).thenNothing();
    given(termsSet).when(lookAt('2026-12-01T00:00:00.000Z')).then(reminded(30));
    given(termsSet, reminded(30)).when(lookAt('2026-12-02T00:00:00.000Z')).thenNothing();
    given(termsSet, reminded(30)).when(lookAt('2026-12-24T00:00:00.000Z')).then(reminded(7));
    given(termsSet).when(lookAt('2026-12-30T12:00:00.000Z')).then(reminded(1));
    given(termsSet, reminded(1)).when(lookAt('2026-12-30T13:00:00.000Z')).thenNothing();
  });

  it('R38: is over once, until there are new terms', () => {
    given(termsSet, reminded(1)).when(lookAt('2026-12-31T00:00:00.000Z')).then(expired);
    given(termsSet, expired).when(lookAt('2027-01-31T00:00:00.000Z')).thenNothing();
    given(termsSet, expired, {
      type: 'HoldTermsSet',
      data: { ...hold, old: terms, new: { ...terms, expiresAt: '2027-01-01T00:00:00.000Z' } },
    })
      .when(lookAt('2026-12-31T12:00:00.000Z'))
      .then({
        type: 'HoldReminded',
        data: { ...hold, owner: 'ana', expiresAt: '2027-01-01T00:00:00.000Z', days: 1 },
      });
  });

  it('of another version has no terms yet, and one without an end has none', () => {
    given(termsSet)
      .when(lookAt('2027-01-31T00:00:00.000Z', { ...hold, version: '8' }))
      .thenNothing();
    given({ type: 'HoldTermsSet', data: { ...hold, old: null, new: { ...terms, expiresAt: null } } })
      .when(lookAt('2036-01-01T00:00:00.000Z'))
      .thenNothing();
  });
});

describe('R38: an end that was signed with a hold', () => {
  const expiry = (action: HoldExpiry['action']): SignedEnd => {
    const author = 'Ana Petrova';
    return { expiry: { at: terms.expiresAt, action }, changeRequest: 'CR-1', author, reason: 'TP-88' };
  };
  const look = (at: string, action: HoldExpiry['action'], frozen = false) =>
    ({ ...lookAt(at), signed: expiry(action), frozen }) as const;
  const over = (action: HoldExpiry['action'], more: object = {}): HoldExpired => ({
    type: 'HoldExpired',
    data: {
      ...hold,
      owner: 'Ana Petrova',
      risk: 'TP-88',
      expiresAt: terms.expiresAt,
      action,
      changeRequest: 'CR-1',
      ...more,
    },
  });

  it.each(['keep', 'release', 'block'] as const)(
    'is reminded of, and said once, with what comes: %s',
    (action) => {
      const early = { ...reminded(7).data, owner: 'Ana Petrova' };
      given().when(look('2026-12-24T00:00:00.000Z', action)).then({ type: 'HoldReminded', data: early });
      given().when(look(terms.expiresAt, action)).then(over(action));
      given(over(action)).when(look('2027-06-01T00:00:00.000Z', action)).thenNothing();
      given(over(action), termsSet).when(look('2027-06-01T00:00:00.000Z', action)).thenNothing();
    },
  );

  it('is said of who took the hold, and counts before an end that was said without a signature', () => {
    const later = { ...terms, expiresAt: '2027-06-01T00:00:00.000Z' };
    given({ type: 'HoldTermsSet', data: { ...hold, old: null, new: later } })
      .when(look(terms.expiresAt, 'keep'))
      .then(over('keep', { owner: 'ana', risk: terms.risk }));
    const signed = { ...held, expiry: { at: terms.expiresAt, action: 'keep' } as const };
    given()
      .when({ ...set, holds: [signed], terms: later })
      .thenRefused('wrong-hold-terms');
    given()
      .when({ ...set, holds: [signed] })
      .then(termsSet);
  });

  it('waits in a freeze where devices would get something else, and not otherwise', () => {
    given()
      .when(look(terms.expiresAt, 'release', true))
      .thenNothing();
    given()
      .when(look(terms.expiresAt, 'block', true))
      .then(over('block'));
    given()
      .when(look(terms.expiresAt, 'keep', true))
      .then(over('keep'));
  });

  it('that is signed anew is said anew', () => {
    const at = '2027-02-01T00:00:00.000Z';
    const anew = { ...expiry('keep'), expiry: { at, action: 'keep' } as const };
    given(over('keep'))
      .when({ ...lookAt(at), signed: anew })
      .then(over('keep', { expiresAt: at }));
  });
});

import { describe, expect, it } from 'vitest';
import { fold, type LinkedAccounts } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import type { SamePersonEvent } from './events.js';
import { samePerson, type SamePersonCommand } from './same-person.js';
import { linkedAccountsOf } from './state.js';

const { given } = specify(samePerson);

const ada = byPerson('Ada', ['admin']);
const bea = byPerson('Bea', ['admin']);
const quinn = byPerson('Quinn', ['qa']);
const ADA = { id: 'id-of-Ada', name: 'Ada' };
const BEA = { id: 'id-of-Bea', name: 'Bea' };
const pair = ['id-of-Ana', 'id-of-Ann'] as const;
const accounts = [
  { id: 'id-of-Ann', login: 'ann' },
  { id: 'id-of-Ana', login: 'ana' },
] as const;
const expiresAt = '2026-11-29T12:48:14.123Z';
const { at } = ada;

const request = { type: 'RequestSamePerson', accounts, context: ada } as const satisfies SamePersonCommand;
const confirm = {
  type: 'ConfirmSamePerson',
  accounts,
  requesterIsAdmin: true,
  context: bea,
} as const satisfies SamePersonCommand;
const requested: SamePersonEvent = {
  type: 'SamePersonRequested',
  data: { accounts: pair, requestedBy: ADA, expiresAt },
};
const declared: SamePersonEvent = {
  type: 'SamePersonDeclared',
  data: { accounts: pair, requestedBy: ADA, confirmedBy: BEA, at },
};
const revocationRequested: SamePersonEvent = {
  type: 'SamePersonRevocationRequested',
  data: { accounts: pair, requestedBy: BEA, expiresAt },
};
const later = '2026-11-24T09:00:00.000Z';
const revoked: SamePersonEvent = {
  type: 'SamePersonRevoked',
  data: { accounts: pair, requestedBy: BEA, confirmedBy: ADA, at: later },
};

describe('R27: that two accounts are one person’s', () => {
  it('is asked for by an admin, and declared once a second person has confirmed it', () => {
    given().when(request).then(requested);
    given(requested).when(confirm).then(declared);
  });

  it('is confirmed by QA as well, as a reset is', () =>
    given(requested)
      .when({ ...confirm, context: quinn })
      .then({
        type: 'SamePersonDeclared',
        data: { accounts: pair, requestedBy: ADA, confirmedBy: { id: 'id-of-Quinn', name: 'Quinn' }, at },
      }));

  it('is declared at once by an admin while the site is set up', () =>
    given()
      .when({ ...request, context: byPerson('Ada', ['admin'], { auth: 'commissioning' }) })
      .then({
        type: 'SamePersonDeclared',
        data: { accounts: pair, requestedBy: ADA, confirmedBy: ADA, at },
      }));

  it('is taken back by two, and stays in the history', () => {
    given(requested, declared)
      .when({ type: 'RequestSamePersonRevocation', accounts, context: bea })
      .then(revocationRequested);
    given(requested, declared, revocationRequested)
      .when({
        ...confirm,
        type: 'ConfirmSamePersonRevocation',
        context: byPerson('Ada', ['admin'], { at: later }),
      })
      .then(revoked);
  });

  it.each<[string, readonly SamePersonEvent[], SamePersonCommand, string]>([
    ['by who is no admin', [], { ...request, context: quinn }, 'not-an-admin'],
    ['by a service', [], { ...request, context: byWorker('same-person') }, 'not-an-admin'],
    ['by who has one of them', [], { ...request, context: byPerson('Ana', ['admin']) }, 'own-rights'],
    ['by who has the other', [], { ...request, context: byPerson('Ann', ['admin']) }, 'own-rights'],
    [
      'without a reason',
      [],
      { ...request, context: { ...ada, reason: { code: 'identity', text: 'same' } } },
      'reason-required',
    ],
    ['of one account', [], { ...request, accounts: [accounts[0], accounts[0]] }, 'same-account'],
    ['twice', [requested, declared], request, 'same-person-already'],
    [
      'back where it was not declared',
      [requested],
      { ...request, type: 'RequestSamePersonRevocation' },
      'not-same-person',
    ],
    ['confirmed by who asked', [requested], { ...confirm, context: ada }, 'second-person-required'],
    [
      'confirmed by who asked, with another account',
      [requested],
      { ...confirm, context: { ...bea, linked: new Map([['id-of-Bea', 'id-of-Ada']]) } },
      'second-person-required',
    ],
    [
      'confirmed by who has one of them',
      [requested],
      { ...confirm, context: byPerson('Ann', ['admin']) },
      'own-rights',
    ],
    ...['id-of-Ana', 'id-of-Ann'].map((one): [string, SamePersonEvent[], SamePersonCommand, string] => [
      `confirmed for who asked and was found to have ${one} too`,
      [requested],
      { ...confirm, context: { ...bea, linked: new Map([['id-of-Ada', one]]) } },
      'own-rights',
    ]),
    [
      'confirmed by an author',
      [requested],
      { ...confirm, context: byPerson('Fay', ['author']) },
      'not-an-admin',
    ],
    ['confirmed where nobody asked', [], confirm, 'same-person-not-requested'],
    [
      'confirmed too late',
      [requested],
      { ...confirm, context: { ...bea, at: expiresAt } },
      'same-person-not-requested',
    ],
    [
      'confirmed for who is no admin any more',
      [requested],
      { ...confirm, requesterIsAdmin: false },
      'second-person-required',
    ],
    [
      'back by the confirmation of a request to declare it',
      [requested, declared],
      { ...confirm, type: 'ConfirmSamePersonRevocation' },
      'same-person-not-requested',
    ],
  ])('is not said %s', (_how, history, command, code) =>
    given(...history)
      .when(command)
      .thenRefused(code),
  );
});

describe('R27: the accounts of one person', () => {
  const link = (one: string, other: string): SamePersonEvent => ({
    type: 'SamePersonDeclared',
    data: { accounts: [one, other], requestedBy: ADA, confirmedBy: BEA, at },
  });
  const groups = (linked: LinkedAccounts) => Object.fromEntries(linked);

  it.each([
    ['a chain', [link('a', 'b'), link('b', 'c'), link('c', 'd')]],
    ['its ends first', [link('c', 'd'), link('a', 'b'), link('b', 'c')]],
    ['its middle last, the other way', [link('b', 'd'), link('a', 'c'), link('c', 'd')]],
  ])('are all of them, by %s', (_how, events) =>
    expect(groups(linkedAccountsOf(fold(samePerson, events)))).toEqual({ a: 'a', b: 'a', c: 'a', d: 'a' }),
  );

  it('are as they were then, at any time', () => {
    const state = fold(samePerson, [declared, revoked]);
    expect(linkedAccountsOf(state).size).toBe(0);
    expect(linkedAccountsOf(state, at).size).toBe(2);
    expect(linkedAccountsOf(state, '2026-11-22T12:48:14.122Z').size).toBe(0);
    expect(linkedAccountsOf(state, later).size).toBe(0);
  });
});

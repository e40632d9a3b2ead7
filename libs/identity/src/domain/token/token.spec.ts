import { describe, it } from 'vitest';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import type { TokenEvent } from './events.js';
import { token, type TokenCommand } from './token.js';

const { given } = specify(token);

const ana = byPerson('Ana', ['author'], { auth: 'password' });
const what = {
  name: 'nightly-pins',
  standingReason: { code: 'routine', text: 'pins what the nightly tests passed', ticket: 'CHG-7' },
  scope: { may: 'submit-changes', rings: ['default'] },
  expiresAt: '2027-02-20T12:48:14.123Z',
  secretDigest: 'd'.repeat(64),
  ownerResets: 0,
} as const;
const issue: TokenCommand = { type: 'IssueToken', ...what, context: ana };
const revoke: TokenCommand = { type: 'RevokeToken', context: byPerson('Ana', []) };
const issued: TokenEvent = {
  type: 'TokenIssued',
  data: { ...what, owner: { id: 'id-of-Ana', name: 'Ana' } },
};
const revoked: TokenEvent = { type: 'TokenRevoked', data: { name: 'nightly-pins' } };

describe('issuing a token', () => {
  it("is an author's, to themself, with the standing reason", () => given().when(issue).then(issued));

  it.each([
    ['by an admin', { context: byPerson('Ada', ['admin'], { auth: 'password' }) }, 'not-an-author'],
    ['by a service', { context: byWorker('nothing') }, 'not-an-author'],
    [
      'by a token',
      {
        context: {
          ...ana,
          actor: {
            kind: 'token',
            id: 'token-1',
            name: 'another',
            owner: { id: 'id-of-Ana', name: 'Ana', roles: ['author'] },
          },
        },
      },
      'not-an-author',
    ],
    ['in a session alone', { context: byPerson('Ana', ['author']) }, 'password-required'],
    [
      'without a reason',
      { context: { ...ana, reason: { code: 'other', text: 'updated' } } },
      'reason-required',
    ],
    [
      'without a standing reason',
      { standingReason: { code: 'other', text: '  updated    ' } },
      'reason-required',
    ],
    ['without a name', { name: '' }, 'invalid-name'],
    ['with a name that could end a line', { name: 'nightly\npins' }, 'invalid-name'],
    ['for no ring', { scope: { may: 'submit-changes', rings: [] } }, 'invalid-token-scope'],
    [
      'for a ring twice',
      { scope: { may: 'submit-changes', rings: ['default', 'default'] } },
      'invalid-token-scope',
    ],
    ['for what no ring is called', { scope: { may: 'submit-changes', rings: ['*'] } }, 'invalid-token-scope'],
    ['that has expired', { expiresAt: ana.at }, 'invalid-token-scope'],
    ['for more than a year', { expiresAt: '2027-11-24T12:48:14.123Z' }, 'invalid-token-scope'],
    ['for ever', { expiresAt: 'never' }, 'invalid-token-scope'],
  ] satisfies [string, Partial<TokenCommand>, string][])('is refused %s', (_what, change, code) =>
    given()
      .when({ ...issue, ...change })
      .thenRefused(code),
  );
});

describe('revoking a token', () => {
  it("is its owner's, whatever their roles are by now", () => given(issued).when(revoke).then(revoked));

  it("is any admin's", () =>
    given(issued)
      .when({ ...revoke, context: byPerson('Ada', ['admin']) })
      .then(revoked));

  it("is nobody else's", () =>
    given(issued)
      .when({ ...revoke, context: byPerson('Ben', ['author', 'approver']) })
      .thenRefused('not-the-owner'));

  it('is done once', () => given(issued, revoked).when(revoke).thenNothing());

  it('takes a token', () => given().when(revoke).thenRefused('unknown-token'));
});

describe('a token of who is an author in some rings', () => {
  const there = byPerson('Ana', ['author@default', 'author@pilot'], { auth: 'password' });

  it('R28: is for these alone', () => {
    given()
      .when({ ...issue, context: there })
      .then(issued);
    const scope = { may: 'submit-changes', rings: ['default', 'production'] } as const;
    given()
      .when({ ...issue, scope, context: there })
      .thenRefused('not-an-author');
  });
});

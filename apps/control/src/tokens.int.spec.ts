import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTrailProjections } from '#audit-trail/projections';
import { decodeEvent } from '#kernel';
import { identityProjections } from '#identity/projections';
import { People } from '#identity/people';
import { Tokens } from '#identity/tokens/tokens';
import type { PositionedEvent } from '#platform/projection';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { emptyReadModels, projectInto } from '#test/support/read-models';

const STANDING = { code: 'routine', text: 'pins what the nightly tests passed', ticket: 'CHG-7' };

let control: ControlUnderTest;
let admin: string;
let ana: string;
let tokens: Tokens;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
  await control.enrol(admin, 'ana', ['author']);
  await control.enrol(admin, 'ben', ['approver']);
  ana = await control.signIn('ana');
  const { apiTokens, streams, clock } = control.adapters;
  tokens = new Tokens(apiTokens, new People(streams), streams, clock);
});
afterAll(() => control.stop());

interface Issued {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: string;
}

const body = {
  name: 'nightly-pins',
  standingReason: STANDING,
  rings: ['default'],
  password: PASSWORD,
  reason: REASON,
};

async function issue(change: object = {}, token = ana): Promise<Issued> {
  const answer = await control.ask('POST', '/v1/tokens', { token, body: { ...body, ...change } });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json as unknown as Issued;
}
const revoke = (id: string, token: string) =>
  control.ask('POST', `/v1/tokens/${id}/revoke`, { token, body: { reason: REASON } });

describe('a token', () => {
  it('is issued by an author, who shows who they are again; the record holds a digest of it', async () => {
    const { id, token, expiresAt } = await issue();
    expect(expiresAt).toBe('2027-02-22T08:00:00.000Z');
    const [event] = await control.history(`token/${id}`);
    expect(event).toMatchObject({
      type: 'TokenIssued',
      actor: { kind: 'person', name: 'ana of the team', auth: 'password' },
      reason: REASON,
      data: {
        name: 'nightly-pins',
        owner: { name: 'ana of the team' },
        standingReason: STANDING,
        scope: { may: 'submit-changes', rings: ['default'] },
        secretDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    });
    expect(JSON.stringify(event)).not.toContain(token.slice(30));
    expect(control.log.join()).not.toContain(token.slice(0, 30));
  });

  it('opens what its owner may do, with its standing reason', async () => {
    const { id, token } = await issue();
    expect(await tokens.open(token)).toEqual({
      scope: { may: 'submit-changes', rings: ['default'] },
      actor: {
        kind: 'token',
        id,
        name: 'nightly-pins',
        owner: { id: expect.any(String) as string, name: 'ana of the team', roles: ['author'] },
      },
      reason: { ...STANDING, standing: { token: id, name: 'nightly-pins' } },
    });
  });

  it.each([
    ['a wrong password', { password: 'not that one at all' }, 403, 'wrong-password'],
    ['no password', { password: undefined }, 400, 'invalid-request'],
    ['no standing reason', { standingReason: undefined }, 400, 'invalid-request'],
    [
      'a standing reason of its own kind',
      { standingReason: { ...STANDING, standing: {} } },
      400,
      'invalid-request',
    ],
    ['more than a year', { days: 367 }, 400, 'invalid-request'],
    ['no ring', { rings: [] }, 400, 'invalid-request'],
    ['a ring that is none', { rings: ['../x'] }, 400, 'invalid-token-scope'],
    ['a name with blanks', { name: 'nightly pins' }, 400, 'invalid-name'],
  ])('is refused with %s', async (_what, change, status, code) => {
    const answer = await control.ask('POST', '/v1/tokens', { token: ana, body: { ...body, ...change } });
    expect(answer.json).toMatchObject({ status, code });
    await control.signIn('ana');
  });

  it('is not for who asks for no changes', async () => {
    const ben = await control.signIn('ben');
    const answer = await control.ask('POST', '/v1/tokens', { token: ben, body });
    expect(answer.json).toMatchObject({ status: 403, code: 'not-an-author' });
  });

  it('opens no route for people, and issues no other token', async () => {
    const { token } = await issue();
    for (const answer of [
      await control.ask('GET', '/v1/people', { token }),
      await control.ask('POST', '/v1/tokens', { token, body }),
      await control.ask('POST', '/v1/change-requests/CR-2026-0001/approve', { token, body: {} }),
    ])
      expect(answer.json).toMatchObject({ status: 401, code: 'not-signed-in' });
  });
});

describe('a token is refused', () => {
  it('once it is revoked, by its owner or an admin and by nobody else', async () => {
    const { id, token } = await issue();
    const ben = await control.signIn('ben');
    expect((await revoke(id, ben)).json).toMatchObject({ status: 403, code: 'not-the-owner' });
    await tokens.open(token);
    expect((await revoke(id, admin)).status).toBe(200);
    await expect(tokens.open(token)).rejects.toMatchObject({
      code: 'token-refused',
      message: 'the token nightly-pins was revoked',
    });
    expect((await revoke(id, ana)).json).toEqual({ cursor: null });
    expect((await revoke('nobodys', ana)).json).toMatchObject({ status: 404, code: 'unknown-token' });
  });

  it('once it has expired', async () => {
    const { token } = await issue({ days: 1 });
    const before = control.clock.now();
    control.clock.set('2026-11-25T08:00:00.000Z');
    try {
      await expect(tokens.open(token)).rejects.toMatchObject({
        message: 'the token nightly-pins expired at 2026-11-25T08:00:00.000Z: its owner issues a new one',
      });
    } finally {
      control.clock.set(before);
    }
  });

  it('when it was made by nobody, or for a token that was never issued', async () => {
    const never = control.adapters.apiTokens.make('01a20aed-f256-755c-87ed-a7b6bec9d8a7');
    const { id } = await issue();
    for (const text of ['hft_guess', never.text, control.adapters.apiTokens.make(id).text])
      await expect(tokens.open(text)).rejects.toMatchObject({ message: 'this is no token of this site' });
  });

  it('once its owner is disabled', async () => {
    await control.enrol(admin, 'dora', ['author']);
    const { token } = await issue({}, await control.signIn('dora'));
    await tokens.open(token);
    await control.ask('POST', '/v1/people/dora/disable', { token: admin, body: { reason: REASON } });
    await expect(tokens.open(token)).rejects.toMatchObject({
      code: 'token-refused',
      message: 'dora of the team, whose token nightly-pins is, is disabled',
    });
  });
});

const projections = [...identityProjections(), ...auditTrailProjections()];

it('is listed with its owner, its standing reason and whether it is good', async () => {
  const projector = new pg.Client({ connectionString: control.database.url('projector') });
  await projector.connect();
  const events: PositionedEvent[] = [];
  for await (const append of control.adapters.store.readAll(null)) {
    for (const { bytes } of append.events)
      events.push({ position: BigInt(events.length), envelope: decodeEvent(bytes), bytes });
  }
  await emptyReadModels(projector, projections);
  await projectInto(projector, projections, events);
  await projector.end();
  const { json } = await control.ask('GET', '/v1/tokens', { token: ana });
  const listed = json['tokens'] as readonly { readonly status: string }[];
  expect(listed[0]).toMatchObject({
    name: 'nightly-pins',
    owner: { login: 'ana', name: 'ana of the team' },
    standingReason: STANDING,
    scope: { may: 'submit-changes', rings: ['default'] },
    status: 'good',
    expiresAt: '2027-02-22T08:00:00.000Z',
    issued: { at: '2026-11-24T08:00:00.000Z' },
    lastUsed: null,
  });
  expect(new Set(listed.map(({ status }) => status))).toEqual(new Set(['good', 'revoked', 'owner-disabled']));
});

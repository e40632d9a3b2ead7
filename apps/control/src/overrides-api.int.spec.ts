import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { identityProjections } from '#identity/projections';
import { BUILT_IN_POLICY } from '#release-control/domain/approval-policy/approval-policy';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import type { ChangeRequestCommand } from '#release-control/domain/change-request/commands';
import type { OverrideChange } from '#release-control/domain/change-request/events';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import {
  tokenSubmissions,
  tokenSubmissionsStream,
} from '#release-control/domain/token-submissions/token-submissions';
import { releaseControlProjections } from '#release-control/projections';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { byPerson, byWorker } from '#test/support/decider-specification';
import { ProjectorOnDemand } from '#test/support/project';

const STANDING = { code: 'routine', text: 'pins what the nightly tests passed', ticket: 'CHG-7' };
const URL = '/v2/metadata/overrides';

let control: ControlUnderTest;
let client: pg.Client;
let projector: ProjectorOnDemand;
let token: string;
let tokenId: string;
let ana: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  const admin = await control.admin();
  await control.enrol(admin, 'ana', ['author']);
  ana = await control.signIn('ana');
  ({ token, id: tokenId } = await issue(ana, 'nightly'));
  client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  projector = await ProjectorOnDemand.start(client, control.adapters.store, [
    ...auditTrailProjections(),
    ...identityProjections(),
    ...catalogProjections(),
    ...releaseControlProjections(),
  ]);
});
afterAll(async () => {
  await client.end();
  await control.stop();
});

async function issue(session: string, name: string): Promise<{ id: string; token: string }> {
  const body = { name, standingReason: STANDING, rings: ['default'], password: PASSWORD, reason: REASON };
  const { json } = await control.ask('POST', '/v1/tokens', { token: session, body });
  return { id: String(json['id']), token: String(json['token']) };
}

const item = (snap_name: string, revision: number | null, channel = 'stable') => {
  return { snap_name, revision, channel, series: '16' };
};
const post = (body: unknown, headers: Record<string, string> = {}) =>
  control.ask('POST', URL, { body, headers: { authorization: `Bearer ${token}`, ...headers } });
const requestOf = ({ headers }: Answer) => String(headers['location']).replace('/v1/change-requests/', '');
const decide = (id: string, command: ChangeRequestCommand) =>
  control.adapters.streams.decideAndAppend(changeRequest, changeRequestStream(id), command);
const change = (name: string, revision: number, architecture = 'amd64'): OverrideChange => ({
  target: { format: 'snap', subject: `id-of-${name}`, channel: 'latest/stable', architecture },
  name,
  old: null,
  new: { version: String(revision), manifest: revision.toString(16).padStart(64, '0') },
});

/** What the worker and an approver do with a request. */
async function decided(
  id: string,
  changes: readonly OverrideChange[],
  meaning: 'approved' | 'rejected',
): Promise<void> {
  const context = byWorker(changeRequestStream(id));
  const { state } = await decide(id, { type: 'ReportCapture', submission: 1, changes, context });
  if (state.status !== 'captured') throw new Error(state.status);
  const ben = byPerson('Ben', ['approver'], { auth: 'password' });
  const signature = {
    meaning,
    signer: 'id-of-Ben',
    printedName: 'Ben',
    signedAt: ben.at,
    components: ['password'],
    credential: 'credential-1',
    recordDigest: state.recordDigest,
  } as const;
  const decision = { signature, policy: BUILT_IN_POLICY, context: ben };
  if (meaning === 'rejected') {
    await decide(id, { type: 'RejectChange', ...decision });
    return;
  }
  await decide(id, { type: 'ApproveChange', ...decision, signersNow: new Map() });
  await decide(id, { type: 'StartChange', policy: BUILT_IN_POLICY, applied: false, context });
  const policy = releasePolicyStream('default');
  const apply = { type: 'ApplyChange', changeRequest: id, changes, context } as const;
  await control.adapters.streams.decideAndAppend(releasePolicy, policy, apply);
  await decide(id, { type: 'RecordApplied', policy, context });
}

describe('asking for overrides', () => {
  it('makes one change request of all items, in the name of the owner, with the standing reason', async () => {
    const answer = await post([item('lab-hello', 3), item('lab-tool', null, '2.0/candidate')], {
      authorization: `Macaroon root="${token}", discharge="whatever"`,
      'x-ubuntu-series': '16',
    });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      overrides: [
        {
          snap_id: '',
          snap_name: 'lab-hello',
          revision: null,
          upstream_revision: null,
          channel: 'stable',
          architecture: '',
          series: '16',
        },
        {
          snap_id: '',
          snap_name: 'lab-tool',
          revision: null,
          upstream_revision: null,
          channel: '2.0/candidate',
          architecture: '',
          series: '16',
        },
      ],
    });
    const reason = { ...STANDING, standing: { token: tokenId, name: 'nightly' } };
    const actor = {
      kind: 'token',
      id: tokenId,
      name: 'nightly',
      owner: { name: 'ana of the team', roles: ['author'] },
    };
    expect(await control.history(`change-request/${requestOf(answer)}`)).toMatchObject([
      {
        type: 'ChangeDrafted',
        actor,
        reason,
        data: {
          ring: 'default',
          author: { name: 'ana of the team' },
          reason,
          items: [
            { format: 'snap', name: 'lab-hello', channel: 'stable', version: '3' },
            { format: 'snap', name: 'lab-tool', channel: '2.0/candidate', version: null },
          ],
        },
      },
      { type: 'ChangeSubmitted', actor, reason },
    ]);
    await projector.catchUp();
    const shown = await control.ask('GET', String(answer.headers['location']), { token });
    expect(shown.json).toMatchObject({ status: 'submitted', reason, author: { name: 'ana of the team' } });
  });

  it('is the same request for who asks again, in any order, as long as it is open', async () => {
    const body = [item('lab-a', 1), item('lab-b', 2)];
    const first = requestOf(await post(body));
    const again = await post(body.toReversed());
    expect(again.status).toBe(202);
    expect(requestOf(again)).toBe(first);
    expect(requestOf(await post([item('lab-a', 1)]))).not.toBe(first);
    await decided(first, [change('lab-a', 1), change('lab-b', 2)], 'rejected');
    expect(requestOf(await post(body))).not.toBe(first);
  });

  it('is one request for who asks ten times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post([item('lab-once', 1)])));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(new Set(answers.map(requestOf)).size).toBe(1);
    expect(await control.history(`change-request/${requestOf(answers[0] as Answer)}`)).toHaveLength(2);
  });

  it('asks for different things at once without mixing them up', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => post([item(`lab-many-${i}`, 1)])));
    for (const [i, answer] of answers.entries()) {
      const [drafted] = await control.history(`change-request/${requestOf(answer)}`);
      expect(drafted?.data).toMatchObject({ items: [{ name: `lab-many-${i}` }] });
    }
  });

  it('hands a request in again whose capture was refused', async () => {
    const body = [item('lab-late', 1)];
    const id = requestOf(await post(body));
    const wanted = { format: 'snap', name: 'lab-late', channel: 'stable', version: '1' };
    const failures = [{ item: wanted, code: 'unreachable', message: 'upstream is away' }];
    await decide(id, { type: 'RefuseCapture', submission: 1, failures, untried: 0, context: byWorker('x') });
    const answers = await Promise.all([post(body), post(body)]);
    expect(answers.map(requestOf)).toEqual([id, id]);
    const types = (await control.history(`change-request/${id}`)).map(({ type }) => type);
    expect(types).toEqual(['ChangeDrafted', 'ChangeSubmitted', 'CaptureRefused', 'ChangeSubmitted']);
  });

  it('takes the number that was claimed before a crash, unless somebody else has it by now', async () => {
    const body = [item('lab-crash', 1)];
    const id = requestOf(await post(body));
    const [claim] = (await control.history(`token-submissions/${tokenId}`)).toReversed();
    const digest = String((claim?.data as { digest?: string } | undefined)?.digest);
    const free = id.replace(/[0-9]{4}$/, (number) => String(Number(number) + 1).padStart(4, '0'));
    const [other, another] = [await issue(ana, 'other'), await issue(ana, 'another')];
    for (const [{ id: name }, changeRequestId] of [
      [other, free],
      [another, id],
    ] as const) {
      const context = byPerson('Ana', ['author']);
      const command = { digest, instead: null, changeRequest: changeRequestId, context };
      await control.adapters.streams.decideAndAppend(tokenSubmissions, tokenSubmissionsStream(name), command);
    }
    expect(requestOf(await post(body, { authorization: `Bearer ${other.token}` }))).toBe(free);
    const third = requestOf(await post(body, { authorization: `Bearer ${another.token}` }));
    expect([id, free]).not.toContain(third);
  });
});

describe('what is in force', () => {
  it('is listed for each architecture, in the members of the Snap Store Proxy and no others', async () => {
    const body = [item('lab-held', 7)];
    const id = requestOf(await post(body));
    await decided(id, [change('lab-held', 7), change('lab-held', 7, 'arm64')], 'approved');
    await projector.catchUp();
    const line = (architecture: string) => ({
      snap_id: 'id-of-lab-held',
      snap_name: 'lab-held',
      revision: 7,
      upstream_revision: null,
      channel: 'stable',
      architecture,
      series: '16',
    });
    const headers = { authorization: `Token ${token}`, accept: 'application/json', 'x-ubuntu-series': '16' };
    const listed = await control.ask('GET', `${URL}/lab-held`, { headers });
    expect(listed).toMatchObject({ status: 200, json: { overrides: [line('amd64'), line('arm64')] } });
    expect((await control.ask('GET', `${URL}/lab-none?ring=default`, { token })).json).toEqual({
      overrides: [],
    });
    expect((await control.ask('GET', URL, { token })).json).toEqual({
      overrides: [line('amd64'), line('arm64')],
    });

    // Asked for again, and nothing to do: nothing is recorded.
    const again = await post(body);
    expect(again).toMatchObject({ status: 200, json: { overrides: [line('amd64'), line('arm64')] } });
    expect(requestOf(again)).toBe(id);
    const other = await post([item('lab-held', 8)]);
    expect(other).toMatchObject({ status: 202, json: { overrides: [line('amd64'), line('arm64')] } });
    const away = await post([item('lab-held', null)]);
    expect(away).toMatchObject({ status: 202, json: { overrides: [line('amd64'), line('arm64')] } });
  });
});

describe('a preview', () => {
  const preview = (items: object[], given = ana) =>
    control.ask('POST', '/v1/override-previews', { token: given, body: { items } });

  it('shows what is held and what would be, and records nothing', async () => {
    await projector.catchUp();
    const items = [
      { snap: 'lab-held', channel: 'stable', revision: 9 },
      { snap: 'lab-held', channel: '2.0/stable', revision: 3 },
      { snap: 'lab-held', channel: 'latest/stable', revision: null },
    ];
    const held = { name: 'lab-held', channel: 'latest/stable', old: { by: 'override', revision: 7 } };
    const to9 = { ...held, new: { by: 'override', revision: 9 } };
    const free = { ...held, new: { by: 'upstream', revision: null } };
    const expected = [
      { ...to9, architecture: 'amd64' },
      { ...to9, architecture: 'arm64' },
      {
        name: 'lab-held',
        channel: '2.0/stable',
        architecture: null,
        old: { by: 'upstream', revision: null },
        new: { by: 'override', revision: 3 },
      },
      { ...free, architecture: 'amd64' },
      { ...free, architecture: 'arm64' },
    ];
    const events = async () => {
      let appends = 0;
      for await (const { events: appended } of control.adapters.store.readAll(null))
        appends += appended.length;
      return appends;
    };
    const before = await events();
    expect((await preview(items)).json).toEqual({ lines: expected });
    expect((await preview(items, token)).json).toEqual({ lines: expected });
    expect(await events()).toBe(before);
  });

  it('takes items only', async () => {
    expect((await preview([])).status).toBe(400);
    expect((await preview([{ snap: 'lab-held', channel: 'a/b/c', revision: 1 }])).status).toBe(400);
  });
});

describe('what is refused', () => {
  it.each([
    ['no list', { snap_name: 'a' }, 'must be a list of at least one override'],
    ['an empty list', [], 'must be a list of at least one override'],
    ['a name', ['lab-hello'], '/0 must be an object'],
    ['a member more', [{ ...item('lab-hello', 1), reason: 'because' }], '/0/reason is not known'],
    ['a member less', [{ snap_name: 'lab-hello', revision: 1, channel: 'stable' }], '/0/series must be "16"'],
    [
      'a revision of 0',
      [item('lab-hello', 0)],
      '/0/revision must be a whole number from 1, or null to delete',
    ],
    [
      'half a revision',
      [item('lab-hello', 1.5)],
      '/0/revision must be a whole number from 1, or null to delete',
    ],
    [
      'a name with a path',
      [item('../x', 1)],
      '/0/snap_name must be the name of a snap: small letters, digits and "-"',
    ],
    ['no channel', [item('lab-hello', 1, 'a/b/c/d')], '/0/channel must be a channel: [track/]risk[/branch]'],
    ['another series', [{ ...item('lab-hello', 1), series: 16 }], '/0/series must be "16"'],
    [
      'too many',
      Array.from({ length: 2_001 }, (_, i) => item(`lab-${i}`, 1)),
      '2001 overrides are too many; at most 2000 make one request',
    ],
  ])('%s, with what a store client prints', async (_what, body, message) => {
    const answer = await post(body);
    expect(answer.json).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(answer.json['error_list']).toContainEqual({ code: 'invalid-request', message });
  });

  it('the same item twice', async () => {
    const answer = await post([item('lab-hello', 1), item('lab-hello', 1)]);
    expect(answer.json).toMatchObject({ status: 400, code: 'invalid-items' });
  });

  it('another series, a ring that the token is not for, and what is no JSON', async () => {
    expect((await post([item('lab-hello', 1)], { 'x-ubuntu-series': '18' })).status).toBe(400);
    const ring = await control.ask('POST', `${URL}?ring=pilot`, { token, body: [item('lab-hello', 1)] });
    expect(ring.status).toBe(403);
    const text = await post('{', { 'content-type': 'application/json' });
    expect(text.json).toMatchObject({ status: 400, error_list: [{ code: 'malformed-json' }] });
  });

  it.each([
    ['nothing', '', 401, 'not-signed-in'],
    ['a guess', 'Bearer hft_guess', 401, 'token-refused'],
    [
      'a macaroon of another store',
      'Macaroon root="MDAxZmxvY2F0aW9u", discharge="MDAx"',
      401,
      'not-signed-in',
    ],
    ['a password', 'Basic YW5hOnBhc3N3b3Jk', 401, 'not-signed-in'],
  ])('%s for a token', async (_what, authorization, status, code) => {
    for (const answer of [
      await control.ask('GET', `${URL}/lab-hello`, { headers: { authorization } }),
      await control.ask('POST', URL, { headers: { authorization }, body: [item('lab-hello', 1)] }),
    ]) {
      expect(answer.json).toMatchObject({ status, code, error_list: [{ code }] });
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('a person, who has a reason of their own to give', async () => {
    const answer = await control.ask('POST', URL, { token: ana, body: [item('lab-hello', 1)] });
    expect(answer.json).toMatchObject({ status: 403, code: 'token-required' });
  });

  it('a login at Ubuntu SSO, with what to do instead', async () => {
    const answer = await control.ask('POST', '/v2/auth/issue-store-admin');
    expect(answer.json).toMatchObject({ status: 403, error_list: [{ code: 'token-required' }] });
    expect(JSON.stringify(answer.json['error_list'])).toContain('holdfast tokens add');
  });

  it('whoever lost the role author', async () => {
    const admin = await control.signIn('admin');
    await control.enrol(admin, 'dan', ['author']);
    const dans = await issue(await control.signIn('dan'), 'dans');
    const headers = { authorization: `Bearer ${dans.token}` };
    await control.ask('DELETE', '/v1/people/dan/roles/author', { token: admin, body: { reason: REASON } });
    const answer = await control.ask('POST', URL, { headers, body: [item('lab-dan', 1)] });
    expect(answer.json).toMatchObject({ status: 403, code: 'not-an-author' });
    expect(await control.history(`token-submissions/${dans.id}`)).toEqual([]);
  });
});

it('shows in the list of tokens when each was last used', async () => {
  await projector.catchUp();
  const { json } = await control.ask('GET', '/v1/tokens', { token: ana });
  const lastUsed = { position: expect.any(String) as string, at: '2026-11-24T08:00:00.000Z' };
  expect(json['tokens']).toContainEqual(expect.objectContaining({ id: tokenId, lastUsed }));
});

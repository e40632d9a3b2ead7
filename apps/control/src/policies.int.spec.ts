import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogProjections } from '#catalog/projections';
import type { ResolvedChange } from '#release-control/domain/change-request/events';
import { releasePolicy, releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { releaseControlProjections } from '#release-control/projections';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { byWorker } from '#test/support/decider-specification';
import { emptyReadModels } from '#test/support/read-models';

let control: ControlUnderTest;
let ana: string;
let token: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  await control.enrol(await control.admin(), 'ana', ['author']);
  ana = await control.signIn('ana');
  const standingReason = { code: 'routine', text: 'keeps the ring as the file says' };
  const body = { name: 'gitops', standingReason, rings: ['default'], password: PASSWORD, reason: REASON };
  token = String((await control.ask('POST', '/v1/tokens', { token: ana, body })).json['token']);
  const client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  await emptyReadModels(client, [...catalogProjections(), ...releaseControlProjections()]);
  await client.end();
});
afterAll(() => control.stop());

const policy = async (given = ana) =>
  (await control.ask('GET', '/v1/policies/default', { token: given })).json;
const item = { snap: 'lab-hello', channel: 'latest/stable', architecture: 'amd64', revision: 22 };
const asked = (ifPolicy: unknown) => ({ items: [item, { kind: 'access', access: 'gated' }], ifPolicy });

async function apply(id: string, changes: readonly ResolvedChange[]): Promise<void> {
  const command = { type: 'ApplyChange', changeRequest: id, changes, context: byWorker(id) } as const;
  await control.adapters.streams.decideAndAppend(releasePolicy, releasePolicyStream('default'), command);
}
const override = (architecture: string, version: string): ResolvedChange => ({
  target: { format: 'snap', subject: 'id-of-lab-hello', channel: 'latest/stable', architecture },
  name: 'lab-hello',
  old: null,
  new: { version, manifest: version.padStart(64, '0') },
});

describe("a ring's policy", () => {
  it('is shown as it is at this moment, to people and tokens', async () => {
    const before = await policy();
    expect(before).toEqual({
      ring: 'default',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      access: 'open',
      publisherChanges: 'keep',
      denied: [],
      allowed: [],
      approvals: { default: { approvals: 1, roles: { approver: 1 }, order: 'any' }, kinds: {} },
      overrides: [],
      members: [],
    });
    await apply('CR-2026-9001', [
      override('arm64', '21'),
      override('amd64', '20'),
      {
        kind: 'listing',
        format: 'snap',
        subject: 'id-of-lab-bad',
        name: 'lab-bad',
        old: null,
        new: 'denied',
      },
      {
        kind: 'members',
        name: 'list lab in 10.0.0.0/8',
        old: null,
        new: { of: 'list', list: 'lab', version: 3, digest: 'd'.repeat(64), count: 7, network: '10.0.0.0/8' },
      },
    ]);
    const after = await policy(token);
    const place = { snap: 'lab-hello', channel: 'latest/stable' };
    expect(after).toMatchObject({
      denied: ['lab-bad'],
      overrides: [
        { ...place, architecture: 'amd64', revision: 20 },
        { ...place, architecture: 'arm64', revision: 21 },
      ],
      members: ['list lab in 10.0.0.0/8'],
    });
    expect(after['digest']).not.toBe(before['digest']);
    expect((await control.ask('GET', '/v1/policies/pilot', { token })).status).toBe(403);
  });
});

describe.each([
  ['a person', '/v1/change-requests', () => ana, { reason: REASON }],
  ['a token', '/v1/token-submissions', () => token, {}],
])('what %s asks for', (_who, url, as, more) => {
  it('is refused once the policy is another one than was looked at, and nothing is recorded', async () => {
    const { digest } = await policy();
    await apply(`CR-2026-90${url.length}`, [override(`s390x${url.length}`, '1')]);
    const refused = await control.ask('POST', url, { token: as(), body: { ...asked(digest), ...more } });
    expect(refused.json).toMatchObject({ status: 409, code: 'expected-value-differs' });
    const good = await control.ask('POST', url, {
      token: as(),
      body: { ...asked((await policy())['digest']), ...more },
    });
    expect(good).toMatchObject({ status: 202, json: { status: 'submitted' } });
    const [drafted] = await control.history(`change-request/${String(good.json['id'])}`);
    expect(drafted).toMatchObject({
      type: 'ChangeDrafted',
      data: {
        items: [
          {
            format: 'snap',
            name: 'lab-hello',
            channel: 'latest/stable',
            architecture: 'amd64',
            version: '22',
          },
          { kind: 'access', access: 'gated' },
        ],
      },
    });
  });

  it.each([
    [{ ifPolicy: 'yes' }, '/ifPolicy'],
    [{ items: [{ ...item, architecture: 'amd 64' }] }, '/items/0/architecture'],
    [{ items: [{ kind: 'access', access: 'closed' }] }, '/items/0/access'],
  ])('is refused with %j', async (wrong, pointer) => {
    const body = { items: [item], ...more, ...wrong };
    const answer = await control.ask('POST', url, { token: as(), body });
    expect(answer.json).toMatchObject({ status: 400, errors: [{ pointer }] });
  });
});

it('takes no person for a token, and no token for a person', async () => {
  const body = { items: [item], reason: REASON };
  expect((await control.ask('POST', '/v1/change-requests', { token, body })).status).toBe(401);
  expect(
    (await control.ask('POST', '/v1/token-submissions', { token: ana, body: { items: [item] } })).json,
  ).toMatchObject({
    status: 403,
    code: 'token-required',
  });
});

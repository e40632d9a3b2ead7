import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordDigest, type JsonObject } from '#kernel';
import { catalogProjections } from '#catalog/projections';
import { fleetProjections } from '#fleet/projections';
import { identityProjections } from '#identity/projections';
import { changeRequestStream } from '#release-control/domain/change-request/change-request';
import { releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { releaseControlProjections } from '#release-control/projections';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import type { CapturePort } from '#release-control/reactors/capture-submitted-change/capture-port';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { everyRevision } from '#test/support/every-revision';
import { ProjectorOnDemand } from '#test/support/project';

const projections = [
  ...identityProjections(),
  ...catalogProjections(),
  ...releaseControlProjections(),
  ...fleetProjections(),
];
/** From revision 50 on another publisher's. */
const capture: CapturePort = {
  ...everyRevision,
  compare: async (_format, _before, after) =>
    Number(after) < 50
      ? { lines: [], marks: [] }
      : {
          lines: [{ what: 'publisher', old: 'acme', new: 'other' }],
          marks: [{ code: 'publisher', text: 'publisher acme → other' }],
        },
};
const TEMPLATE = {
  name: 'standard-fw',
  snaps: ['lab-fw'],
  channels: ['latest/stable'],
  architectures: 'all',
  mostTargets: 1,
  passes: [],
  uses: { most: 20, days: 7 },
  usedBy: ['approver'],
  until: '2027-01-31T00:00:00Z',
};

let control: ControlUnderTest;
let client: pg.Client;
let projector: ProjectorOnDemand;
const sessions = new Map<string, string>();
/** Of lab-fw, used by no step before. */
let revision = 1;
/** Each template differs from the one before. */
let uses = 20;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  const admin = await control.admin();
  for (const [login, ...roles] of [
    ['ana', 'author'],
    ['uma', 'author', 'approver'],
    ['ben', 'author', 'approver'],
    ['cyd', 'qa'],
    ['olga', 'author', 'operator'],
  ] as const) {
    await control.enrol(admin, login, roles);
    sessions.set(login, await control.signIn(login));
  }
  client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  projector = await ProjectorOnDemand.start(client, control.adapters.store, projections);
  await projector.catchUp();
  const first = await draft('ana', { items: [{ snap: 'lab-fw', channel: 'latest/stable', revision }] });
  await sign('ben', String(first.json['id']), 'approve');
});
afterAll(async () => {
  await client.end();
  await control.stop();
});

const tokenOf = (login: string) => ({ token: sessions.get(login) ?? '' });
const post = (login: string, url: string, body: object): Promise<Answer> =>
  control.ask('POST', url, { ...tokenOf(login), body });
const ports = () => ({ writer: control.adapters.streams, clock: control.clock });

/** What the worker and the projector do with a request. */
async function settle(
  id: string,
  reactors = [captureReactor({ ...ports(), capture }), applyReactor(ports())],
) {
  for (const reactor of reactors)
    for (const envelope of await control.history(changeRequestStream(id))) await reactor.handle({ envelope });
  await projector.catchUp();
}
const captureAlone = () => [captureReactor({ ...ports(), capture })];

async function draft(login: string, body: object): Promise<Answer> {
  const answer = await post(login, '/v1/change-requests', { reason: REASON, ...body });
  if (answer.status === 202) await settle(String(answer.json['id']));
  return answer;
}
const show = async (id: string): Promise<Answer['json']> =>
  (await control.ask('GET', `/v1/change-requests/${id}`, tokenOf('ana'))).json;

async function sign(login: string, id: string, decision: string): Promise<Answer> {
  const { recordDigest: digest } = await show(id);
  const body = { recordDigest: digest, password: PASSWORD, reason: REASON };
  const answer = await post(login, `/v1/change-requests/${id}/${decision}`, body);
  await settle(id);
  return answer;
}

/** @returns the version */
async function approved(more: object = {}): Promise<number> {
  uses += 1;
  const template = { ...TEMPLATE, uses: { most: uses, days: 7 }, ...more };
  const { json } = await draft('ana', { items: [{ kind: 'template', template }] });
  expect((await sign('ben', String(json['id']), 'approve')).json).toMatchObject({ status: 'approved' });
  const { json: page } = await control.ask('GET', '/v1/templates/default', tokenOf('ana'));
  const [granted] = page['templates'] as readonly { readonly version: number }[];
  return granted?.version ?? 0;
}

const asked = (version: number, next = ++revision) => ({
  items: [{ snap: 'lab-fw', channel: 'stable', revision: next }],
  template: { name: 'standard-fw', version },
});

async function drafted(login: string, version: number, next?: number): Promise<string> {
  const { status, text, json } = await draft(login, asked(version, next));
  if (status !== 202) throw new Error(text);
  return String(json['id']);
}

interface Standard {
  readonly record: JsonObject;
  readonly useDigest: string;
}

const signUse = async (login: string, id: string, more: object = {}): Promise<Answer> => {
  const { useDigest } = (await show(id))['standardChange'] as Standard;
  const body = { recordDigest: useDigest, password: PASSWORD, reason: REASON, ...more };
  return post(login, `/v1/change-requests/${id}/use-template`, body);
};
const types = async (stream: string) => (await control.history(stream)).map(({ type }) => type);
const withdraw = (login: string) =>
  post(login, '/v1/templates/default/standard-fw/withdraw', { reason: REASON });

describe('R26: a standard change', () => {
  it('takes effect by its user’s one signature, and its record says by whose approval', async () => {
    const version = await approved();
    const id = await drafted('uma', version);
    const { record, useDigest } = (await show(id))['standardChange'] as Standard;
    expect(recordDigest({ record: 'standard-change', ...record })).toBe(useDigest);
    expect(await signUse('uma', id)).toMatchObject({ status: 202, json: { status: 'submitted' } });
    await settle(id);
    expect(await show(id)).toMatchObject({
      status: 'effective',
      record: { template: { name: 'standard-fw', version } },
      signatures: [
        {
          meaning: 'released-by-template',
          printedName: 'uma of the team',
          roles: ['approver'],
          recordDigest: useDigest,
        },
      ],
      missing: [],
      standardChange: {
        use: {
          approved: {
            changeRequest: expect.stringMatching(/^CR-/) as string,
            approvedBy: [{ name: 'ben of the team' }],
          },
        },
      },
    });
    expect(await types(changeRequestStream(id))).toEqual([
      'ChangeDrafted',
      'TemplateUseSigned',
      'ChangeSubmitted',
      'ArtefactsCaptured',
      'ApprovedByTemplate',
      'ChangeStarted',
      'ChangeApplied',
    ]);
    const [signed] = (await control.history(changeRequestStream(id))).filter(
      ({ type }) => type === 'TemplateUseSigned',
    );
    const policy = await control.history(releasePolicyStream('default'));
    expect(policy.slice(-2).map(({ type }) => type)).toEqual(['OverrideSet', 'TemplateUsed']);
    const approval = (await control.history(changeRequestStream(id))).find(
      ({ type }) => type === 'ApprovedByTemplate',
    );
    expect(approval?.authorisedBy).toEqual([signed?.id]);
    expect(policy.at(-1)?.authorisedBy).toEqual([approval?.id]);
  });

  it('is in review with the reasons where its publisher changed, and takes the ordinary signatures', async () => {
    const version = await approved();
    const id = await drafted('uma', version, 50);
    await signUse('uma', id);
    await settle(id);
    const where = `template standard-fw@${version} does not apply: lab-fw on latest/stable for amd64`;
    expect(await show(id)).toMatchObject({
      status: 'in-review',
      signatures: [],
      missing: ['1 more signature, 1 with the role approver'],
      standardChange: {
        use: { notApplied: [`${where}: publisher changed`, `${where}: publisher: publisher acme → other`] },
      },
    });
    expect((await sign('uma', id, 'approve')).json).toMatchObject({ code: 'author-cannot-approve' });
    expect((await sign('ben', id, 'reject')).json).toMatchObject({ status: 'rejected' });
  });

  it('withdrawn between capture and start, is in review, and takes effect by people alone', async () => {
    const version = await approved();
    const id = await drafted('uma', version);
    await signUse('uma', id);
    await settle(id, captureAlone());
    expect(await show(id)).toMatchObject({ status: 'approved' });
    expect((await withdraw('ana')).json).toMatchObject({ code: 'not-an-approver' });
    expect(await withdraw('cyd')).toMatchObject({ status: 200, json: { name: 'standard-fw', version } });
    await settle(id);
    expect(await show(id)).toMatchObject({
      status: 'in-review',
      standardChange: { use: { notApplied: [expect.stringContaining('it was withdrawn')] } },
    });
    expect((await sign('ben', id, 'approve')).json).toMatchObject({ status: 'approved' });
    expect(await show(id)).toMatchObject({ status: 'effective' });
    const last = await control.history(releasePolicyStream('default'));
    expect(last.slice(-2).map(({ type }) => type)).toEqual(['TemplateWithdrawn', 'OverrideSet']);
  });

  it('under a version that another one took the place of meanwhile, is in review', async () => {
    const version = await approved();
    const id = await drafted('uma', version);
    await signUse('uma', id);
    await approved({ mostTargets: 2 });
    await settle(id);
    expect(await show(id)).toMatchObject({
      status: 'in-review',
      standardChange: {
        use: { notApplied: [expect.stringContaining(`version ${version + 1} of it is in force`)] },
      },
    });
  });

  it('R27: is nobody’s who approved the template, and no token’s; nothing is drafted', async () => {
    const version = await approved({ mostTargets: 3 });
    expect((await draft('ben', asked(version))).json).toMatchObject({ code: 'own-template' });
    expect((await draft('olga', asked(version))).json).toMatchObject({ code: 'not-a-template-user' });
    expect((await draft('uma', asked(version + 1))).json).toMatchObject({ code: 'template-not-in-force' });
    const token = await post('uma', '/v1/tokens', {
      name: 'nightly',
      standingReason: REASON,
      rings: ['default'],
      password: PASSWORD,
      reason: REASON,
    });
    const byToken = { token: String(token.json['token']), body: { ...asked(version), reason: REASON } };
    expect((await control.ask('POST', '/v1/change-requests', byToken)).status).toBeGreaterThanOrEqual(400);
  });

  it('R22: is handed in by a signature alone, over exactly the draft', async () => {
    const version = await approved({ mostTargets: 4 });
    const id = await drafted('uma', version);
    const submit = await post('uma', `/v1/change-requests/${id}/submit`, { reason: REASON });
    expect(submit.json).toMatchObject({ code: 'not-a-standard-change' });
    expect((await signUse('uma', id, { password: 'wrong' })).json).toMatchObject({ code: 'wrong-password' });
    expect((await signUse('uma', id, { recordDigest: '0'.repeat(64) })).json).toMatchObject({
      code: 'record-changed',
    });
    expect((await signUse('ben', id)).json).toMatchObject({ code: 'not-the-author' });
    expect(await show(id)).toMatchObject({ status: 'drafted', standardChange: { use: null } });
  });

  it('soaks in another ring first, and waits for people where it did not', async () => {
    const ring = { name: 'pilot', before: 'default', reason: REASON };
    expect((await post('olga', '/v1/rings', ring)).status).toBeLessThan(300);
    const version = await approved({ soak: { ring: 'pilot', hours: 1 } });
    const id = await drafted('uma', version);
    await signUse('uma', id);
    await settle(id);
    expect(await show(id)).toMatchObject({
      status: 'in-review',
      standardChange: { use: { notApplied: [expect.stringContaining('ring pilot does not hold lab-fw')] } },
    });
    const items = [{ snap: 'lab-fw', channel: 'stable', revision: ++revision }];
    const inPilot = await draft('ana', { ring: 'pilot', items });
    await sign('ben', String(inPilot.json['id']), 'approve');
    control.clock.set(new Date(Date.parse(control.clock.now()) + 3_600_000).toISOString());
    for (const login of ['ana', 'uma']) sessions.set(login, await control.signIn(login));
    const after = await drafted('uma', version, revision);
    await signUse('uma', after);
    await settle(after);
    expect(await show(after)).toMatchObject({ status: 'effective' });
  });

  it('is none without an end, and none that lets a publisher pass', async () => {
    const { until: _, ...endless } = TEMPLATE;
    expect((await draft('ana', { items: [{ kind: 'template', template: endless }] })).status).toBe(400);
    const loose = { ...TEMPLATE, passes: ['publisher'] };
    expect((await draft('ana', { items: [{ kind: 'template', template: loose }] })).status).toBe(400);
  });
});

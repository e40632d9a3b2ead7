import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryRecord } from '#fleet/domain/deliveries/record';
import { recordedEvent } from '#fleet/testing/recorded-event';
import { ChangeDesk } from '#test/support/change-desk';

const HELLO = { snap: 'lab-hello', channel: 'stable', revision: 7 };
const LOOKED_AT = 'devices 1 and 2, per TP-88';

let desk: ChangeDesk;
beforeAll(async () => {
  desk = await ChangeDesk.open({
    ana: ['author', 'operator'],
    ben: ['approver'],
    cyd: ['qa'],
    dan: ['operator'],
    aud: ['auditor'],
  });
});
afterAll(() => desk?.close());

/** What one device was offered and got, and says that it has. */
function got(
  serial: string,
  what: 'offered' | 'completed' | 'installed',
  at = '2026-11-24T09:00:00.000Z',
): DeliveryRecord {
  const device = { brand: 'lab', model: 'box', serial, proof: 'store' } as const;
  const common = { at, device, position: '1' };
  const snap = { snapId: 'id-of-lab-hello', revision: 7, channel: 'stable' };
  return what === 'installed'
    ? {
        ...common,
        what,
        architecture: 'amd64',
        report: serial.repeat(64).slice(0, 64),
        snaps: [{ ...snap, instance: null, cohort: false }],
        left: 0,
      }
    : { ...common, what, name: 'lab-hello', ...snap };
}

/** What a device says that it has which showed no session: nobody knows which one it is. */
function unproved(report: string): DeliveryRecord {
  const said = got(report, 'installed');
  if (said.what !== 'installed') throw new Error(said.what);
  return { ...said, device: null };
}

describe('R19, R25: a request that is revised', () => {
  it('keeps what it was, with signatures that are void, and is approved as it is now', async () => {
    const id = await desk.submit('ana', { items: [{ ...HELLO, channel: 'beta' }] });
    expect((await desk.sign('ben', id, 'reject')).json).toMatchObject({ status: 'rejected' });
    const body = { items: [{ ...HELLO, channel: 'beta', revision: 5 }] };
    expect((await desk.act('ben', id, 'revise', body)).json).toMatchObject({ code: 'not-the-author' });
    expect((await desk.act('ana', id, 'revise', { ...body, ring: 'default' })).status).toBe(400);
    expect((await desk.act('ana', id, 'revise', body)).json).toMatchObject({ status: 'submitted' });
    const before = await desk.show(id);
    expect(before).toMatchObject({
      status: 'captured',
      revision: 2,
      record: { revision: 2 },
      signatures: [],
      earlier: [{ revision: 1, status: 'rejected', signatures: [{ meaning: 'rejected' }] }],
    });
    await desk.act('aud', id, 'comments', { text: 'seen', reason: undefined });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await desk.show(id)).toMatchObject({ status: 'effective', comments: [{ text: 'seen' }] });
    expect((await desk.act('ana', id, 'revise', body)).json).toMatchObject({ code: 'not-allowed-in-status' });
  });
});

describe('R25: a request that takes another’s place', () => {
  it('ends it once it is approved, by the approval', async () => {
    const first = await desk.submit('ana', { items: [{ ...HELLO, channel: 'candidate' }] });
    const item = { ...HELLO, channel: 'candidate', revision: 6 };
    const second = await desk.submit('ana', { items: [item], supersedes: first });
    expect(await desk.show(first)).toMatchObject({ status: 'captured' });
    expect(await desk.show(second)).toMatchObject({ record: { supersedes: first } });
    await desk.sign('ben', second);
    expect(await desk.show(first)).toMatchObject({ status: 'superseded', supersededBy: second });
    expect((await desk.sign('ben', first)).json).toMatchObject({ code: 'not-allowed-in-status' });
  });

  it('names one that there is, and that is not over', async () => {
    const draft = (supersedes: string) =>
      desk.post('ana', '/v1/change-requests', { items: [HELLO], supersedes });
    expect((await draft('CR-2026-9999')).json).toMatchObject({ code: 'no-such-change-request' });
    expect((await draft('the other one')).json).toMatchObject({ code: 'invalid-request' });
    const id = await desk.submit('ana', { items: [{ ...HELLO, channel: '9/stable' }] });
    await desk.act('ana', id, 'withdraw');
    expect((await draft(id)).json).toMatchObject({ code: 'not-supersedable' });
  });
});

describe('R25: a change with times', () => {
  const WINDOW = { notBefore: '2026-11-24T22:00:00+01:00', notAfter: '2026-11-25T03:00:00Z' };
  const item = { ...HELLO, channel: 'edge' };

  it('says them in what is signed, is scheduled, and is in force at its time', async () => {
    const id = await desk.submit('ana', { items: [item], ...WINDOW });
    const window = { notBefore: '2026-11-24T21:00:00.000Z', notAfter: '2026-11-25T03:00:00.000Z' };
    expect(await desk.show(id)).toMatchObject({ window, record: { window } });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'scheduled' });
    await desk.at('2026-11-24T20:00:00.000Z');
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled' });
    await desk.at('2026-11-24T21:00:00.000Z');
    expect(await desk.show(id)).toMatchObject({ status: 'effective' });
    await desk.at('2026-11-24T08:00:00.000Z');
  });

  it('is recalled before, by one person with a reason', async () => {
    const id = await desk.submit('ana', { items: [{ ...item, revision: 8 }], ...WINDOW });
    await desk.sign('ben', id);
    expect((await desk.act('aud', id, 'recall')).json).toMatchObject({ code: 'not-a-recaller' });
    expect((await desk.act('dan', id, 'recall')).json).toMatchObject({ status: 'recalled' });
    await desk.at('2026-11-24T21:00:00.000Z');
    expect(await desk.show(id)).toMatchObject({ status: 'recalled' });
    await desk.at('2026-11-24T08:00:00.000Z');
  });

  it('expires when nobody approved it in time', async () => {
    const id = await desk.submit('ana', { items: [{ ...item, revision: 9 }], notAfter: WINDOW.notAfter });
    await desk.at('2026-11-25T03:00:00.001Z');
    expect(await desk.show(id)).toMatchObject({ status: 'expired' });
    expect((await desk.sign('ben', id)).json).toMatchObject({ code: 'not-allowed-in-status' });
    await desk.at('2026-11-24T08:00:00.000Z');
  });

  it.each([
    [{ notBefore: 'tonight' }, 'invalid-request'],
    [{ notBefore: '2026-11-24T22:00:00' }, 'invalid-request'],
    [{ notBefore: null }, 'invalid-request'],
    [{ notBefore: '2027-02-29T00:00:00Z' }, 'invalid-request'],
    [{ notAfter: '2027-04-31T00:00:00+02:00' }, 'invalid-request'],
    [{ notAfter: '2026-11-24T07:59:59Z' }, 'invalid-window'],
    [{ notBefore: WINDOW.notAfter, notAfter: WINDOW.notBefore }, 'invalid-window'],
  ])('refuses %j', async (times, code) => {
    const answer = await desk.post('ana', '/v1/change-requests', { items: [item], ...times });
    expect(answer.json).toMatchObject({ status: 400, code });
  });
});

describe('R25: what follows an approval', () => {
  let id: string;

  it('is in force, is verified with what the delivery records say, and is closed', async () => {
    id = await desk.submit('ana', { items: [HELLO] });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await desk.show(id)).toMatchObject({ status: 'effective', verification: null });
    await desk.project(
      recordedEvent('dmz-1', got('1', 'offered'), got('1', 'completed'), got('2', 'offered')),
      // Before the change: of an earlier time that the ring had it.
      recordedEvent('dmz-1', got('3', 'offered', '2026-11-23T09:00:00.000Z')),
      recordedEvent('dmz-2', got('1', 'offered'), got('1', 'installed')),
    );
    const figures = [
      {
        name: 'lab-hello',
        subject: 'id-of-lab-hello',
        version: '7',
        offered: 2,
        downloaded: 1,
        installed: 1,
      },
    ];
    const before = await desk.get('dan', `/v1/change-requests/${id}/figures`);
    expect(before.json).toEqual({ id, ring: 'default', figures });
    const verified = await desk.act('dan', id, 'verify', { passed: true, lookedAt: LOOKED_AT });
    expect(verified.json).toMatchObject({ status: 'verified' });
    expect(await desk.show(id)).toMatchObject({
      verification: {
        by: { name: 'dan of the team' },
        lookedAt: LOOKED_AT,
        figures,
        figuresLeftOut: 0,
      },
    });
    const rollBack = await desk.get('ana', `/v1/change-requests/${id}/roll-back`);
    expect(rollBack.json).toMatchObject({ figures });
    expect((await desk.act('cyd', id, 'close')).json).toMatchObject({ status: 'closed' });
    expect(await desk.show(id)).toMatchObject({ status: 'closed', verification: { lookedAt: LOOKED_AT } });
  });

  it('takes no step twice or out of turn, and says what can be done', async () => {
    expect((await desk.act('cyd', id, 'close')).json).toMatchObject({
      status: 409,
      code: 'not-allowed-in-status',
      detail: `CloseChange is not allowed: ${id} is closed, it would have to be verified; its life is over`,
    });
  });

  it('fails a verification as well, which is the end of it', async () => {
    id = await desk.submit('ana', { items: [{ ...HELLO, revision: 8 }] });
    await desk.sign('ben', id);
    const asked = { passed: false, lookedAt: LOOKED_AT };
    expect((await desk.act('ana', id, 'verify', asked)).json).toMatchObject({ code: 'author-cannot-verify' });
    expect((await desk.act('ben', id, 'verify', asked)).json).toMatchObject({ code: 'not-a-verifier' });
    expect((await desk.act('cyd', id, 'verify', asked)).json).toMatchObject({
      status: 'verification-failed',
    });
    expect((await desk.act('cyd', id, 'verify', { ...asked, passed: true })).json).toMatchObject({
      code: 'not-allowed-in-status',
    });
    expect((await desk.act('cyd', id, 'close')).status).toBe(409);
    const { json } = await desk.get('ana', '/v1/change-requests?status=verification-failed');
    expect(json['changeRequests']).toMatchObject([{ id }]);
  });

  it.each([[{}], [{ passed: 'yes', lookedAt: LOOKED_AT }], [{ passed: true, lookedAt: 'looked' }]])(
    'refuses %j',
    async (body) => {
      expect((await desk.act('cyd', id, 'verify', body)).json).toMatchObject({ code: 'invalid-request' });
    },
  );
});

describe('R26: a ring that its approval policy freezes', () => {
  const FREEZE = {
    from: '2026-12-20T18:00',
    to: '2027-01-04T06:00',
    zone: 'Europe/Zurich',
    reason: 'the books are closed',
    emergencies: 'wait',
  };
  const APPROVER = { approvals: 1, roles: { approver: 1 } };
  const UNTIL = '2027-01-04T05:00:00.000Z';

  it('says so to author and approver, has what is approved wait, and lets it take effect at its end', async () => {
    await desk.at('2026-12-19T08:00:00.000Z');
    const rules = { default: APPROVER, freezes: [FREEZE] };
    const policy = await desk.submit('ana', { items: [{ kind: 'approval-policy', rules }] });
    await desk.sign('ben', policy);
    expect((await desk.get('ana', '/v1/approval-policies/default')).json).toMatchObject({
      rules: { freezes: [FREEZE] },
      frozen: null,
    });

    await desk.at('2026-12-21T08:00:00.000Z');
    const waits = { for: 'freeze', until: UNTIL, why: 'the books are closed' };
    expect((await desk.get('ana', '/v1/approval-policies/default')).json).toMatchObject({
      frozen: { until: UNTIL, why: 'the books are closed', emergencies: 'wait' },
    });
    const drafted = await desk.post('ana', '/v1/change-requests', { items: [{ ...HELLO, revision: 30 }] });
    expect(drafted.json).toMatchObject({ waits });
    const id = String(drafted.json['id']);
    expect(await desk.show(id)).toMatchObject({ status: 'captured', waits });
    const queue = await desk.get('ben', '/v1/signing-queue');
    expect(queue.json['requests']).toMatchObject([{ id, waits }]);

    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled', waits });
    await desk.at('2027-01-04T04:59:59.000Z');
    expect(await desk.show(id)).toMatchObject({ status: 'scheduled', waits });
    await desk.at(UNTIL);
    expect(await desk.show(id)).toMatchObject({ status: 'effective', waits: null });
  });

  it('is halted all the same', async () => {
    await desk.at('2026-12-31T08:00:00.000Z');
    const halted = await desk.post('ana', '/v1/rings/default/halt', { snap: 'lab-hello' });
    expect(halted.status).toBeLessThan(300);
    const resume = await desk.submit('ana', { items: [{ kind: 'resume', snap: 'lab-hello' }] });
    await desk.sign('ben', resume);
    expect(await desk.show(resume)).toMatchObject({ status: 'scheduled', waits: { until: UNTIL } });
  });

  it.each([
    ['a zone that there is not', { zone: 'Bern' }, 'names no zone'],
    ['a day that there is not', { from: '2026-02-30T18:00' }, 'must begin and end both'],
  ])('is not frozen by %s', async (_what, wrong, message) => {
    const rules = { default: APPROVER, freezes: [{ ...FREEZE, ...wrong }] };
    const items = [{ kind: 'approval-policy', rules }];
    const { status, json } = await desk.post('ana', '/v1/change-requests', { items });
    expect({ status, json }).toMatchObject({ status: 400, json: { code: 'invalid-items' } });
    expect(json['detail']).toContain(message);
  });
});

it('R22, R26: a signature says what the site asked of those who sign, as it was at that moment', async () => {
  const asking = async (value: string) => {
    const changes = [{ key: 'signing-pause-minutes', value }];
    expect((await desk.post('admin', '/v1/settings', { changes })).status).toBe(200);
    const id = await desk.submit('ana', { items: [{ ...HELLO, channel: `candidate/for-${value}` }] });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    return id;
  };
  const [first, second] = [await asking('10'), await asking('5')];
  const rules = { secondComponent: 'optional', passwordDays: 0, training: 'optional' };
  for (const [id, signingPauseMinutes] of [
    [first, 10],
    [second, 5],
  ] as const)
    expect(await desk.show(id)).toMatchObject({ signatures: [{ rules: { ...rules, signingPauseMinutes } }] });
  const approved = (await desk.control.history(`change-request/${first}`)).find(
    ({ type }) => type === 'ChangeApproved',
  );
  expect(approved?.data).toMatchObject({ signature: { rules: { ...rules, signingPauseMinutes: 10 } } });
});

describe('what is being approved', () => {
  it('R25: says how many devices have which revision, how many reports no store vouches for, and what else the ring holds', async () => {
    const id = await desk.submit('ana', { items: [{ ...HELLO, revision: 12 }] });
    const differences = async () => (await desk.get('ben', `/v1/change-requests/${id}/differences`)).json;
    // One had it in the tests before.
    expect(await differences()).toMatchObject({ devices: 1, targets: [{ installed: [{ devices: 1 }] }] });
    await desk.project(recordedEvent('dmz-3', got('4', 'installed'), got('5', 'installed'), unproved('6')));
    const held = ['beta 5', 'candidate 6', 'edge 7'].map((each) => {
      const [channel = '', version] = each.split(' ');
      return { name: 'lab-hello', channel: `latest/${channel}`, architecture: 'amd64', version };
    });
    expect(await differences()).toMatchObject({
      targets: [{ name: 'lab-hello', new: '12', installed: [{ revision: 7, devices: 3 }] }],
      devices: 3,
      unidentified: 1,
      held,
      heldCount: 3,
    });
  });
});

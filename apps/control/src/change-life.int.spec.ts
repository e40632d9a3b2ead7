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
  });
});
afterAll(() => desk?.close());

/** What one device was offered and got, and says that it has. */
function got(serial: string, what: 'offered' | 'completed' | 'installed'): DeliveryRecord {
  const device = { brand: 'lab', model: 'box', serial, proof: 'store' } as const;
  const common = { at: '2026-11-24T09:00:00.000Z', device, position: '1' };
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

describe('R25: what follows an approval', () => {
  let id: string;

  it('is in force, is verified with what the delivery records say, and is closed', async () => {
    id = await desk.submit('ana', { items: [HELLO] });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await desk.show(id)).toMatchObject({ status: 'effective', verification: null });
    await desk.project(
      recordedEvent('dmz-1', got('1', 'offered'), got('1', 'completed'), got('2', 'offered')),
      recordedEvent('dmz-2', got('1', 'offered'), got('1', 'installed')),
    );
    const verified = await desk.act('dan', id, 'verify', { passed: true, lookedAt: LOOKED_AT });
    expect(verified.json).toMatchObject({ status: 'verified' });
    expect(await desk.show(id)).toMatchObject({
      verification: {
        by: { name: 'dan of the team' },
        lookedAt: LOOKED_AT,
        figures: [
          {
            name: 'lab-hello',
            subject: 'id-of-lab-hello',
            version: '7',
            offered: 2,
            downloaded: 1,
            installed: 1,
          },
        ],
        figuresLeftOut: 0,
      },
    });
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

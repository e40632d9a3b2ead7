import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { releaseControlProjections } from '#release-control/projections';
import { ControlUnderTest } from '#test/support/control-under-test';
import { emptyReadModels } from '#test/support/read-models';

const reason = { code: 'supplier', text: 'a new release is expected this week' };

let control: ControlUnderTest;
let olga: string;
let ben: string;
beforeAll(async () => {
  control = await ControlUnderTest.start();
  const admin = await control.admin();
  await control.enrol(admin, 'olga', ['operator']);
  await control.enrol(admin, 'ben', ['approver']);
  olga = await control.signIn('olga');
  ben = await control.signIn('ben');
  const projector = new pg.Client({ connectionString: control.database.url('projector') });
  await projector.connect();
  await emptyReadModels(projector, [
    ...catalogProjections(),
    ...releaseControlProjections(),
    ...auditTrailProjections(),
  ]);
  await projector.end();
});
afterAll(() => control.stop());

const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object, token = olga) =>
  control.ask(method, url, { token, ...(body === undefined ? {} : { body }) });

describe('the watch list', () => {
  it('is changed by an operator, and the event says who and why', async () => {
    const watched = await ask('POST', '/v1/watched-snaps', { snap: 'lab-tool', reason });
    expect(watched).toMatchObject({ status: 200, json: { snap: 'lab-tool' } });
    expect(watched.json['cursor']).toMatch(/^[0-9]+$/);
    const again = await ask('POST', '/v1/watched-snaps', { snap: 'lab-tool', reason });
    expect(again.json).toEqual({ snap: 'lab-tool', cursor: null });
    const off = await ask('DELETE', '/v1/watched-snaps/lab-tool', { reason });
    expect(off.status).toBe(200);
    expect(await control.history('watch-list/snap')).toMatchObject([
      { type: 'SnapWatched', data: { name: 'lab-tool' }, actor: { name: 'olga of the team' }, reason },
      { type: 'SnapUnwatched', data: { name: 'lab-tool' }, reason },
    ]);
    expect((await ask('DELETE', '/v1/watched-snaps/lab-tool', { reason })).json).toMatchObject({
      status: 409,
      code: 'not-on-the-list',
    });
  });

  it.each(['', 'Lab', '../x', 'a'.repeat(41), 7, null])('takes no snap named %j', async (snap) => {
    const answer = await ask('POST', '/v1/watched-snaps', { snap, reason });
    expect(answer.json).toMatchObject({ status: 400, errors: [{ pointer: '/snap' }] });
  });

  it('is not for everybody to change', async () => {
    for (const answer of [
      await ask('POST', '/v1/watched-snaps', { snap: 'lab-tool', reason }, ben),
      await ask('DELETE', '/v1/watched-snaps/lab-tool', { reason }, ben),
      await ask('POST', '/v1/syncs', { reason }, ben),
    ])
      expect(answer.json).toMatchObject({ status: 403, code: 'not-an-operator' });
  });

  it('is for everybody to read', async () => {
    expect(await ask('GET', '/v1/watched-snaps', undefined, ben)).toMatchObject({
      status: 200,
      json: { watchedSnaps: [], next: null },
    });
    expect((await ask('GET', '/v1/watched-snaps?after=x')).status).toBe(400);
  });
});

describe('a sync', () => {
  it('is recorded for the worker to answer', async () => {
    const snaps = ['lab-hello', 'lab-tool', 'lab-hello'];
    const answer = await ask('POST', '/v1/syncs', { snaps, reason });
    expect(answer.status).toBe(202);
    const id = String(answer.json['id']);
    expect(await control.history(`sync/${id}`)).toMatchObject([
      { type: 'SyncRequested', data: { snaps: ['lab-hello', 'lab-tool'] }, reason },
    ]);
    const all = await ask('POST', '/v1/syncs', { reason });
    expect(await control.history(`sync/${String(all.json['id'])}`)).toMatchObject([
      { data: { snaps: null } },
    ]);
  });

  it.each([[[]], [['Lab']], ['lab-hello'], [Array.from({ length: 501 }, () => 'lab-hello')]])(
    'is not asked for with %j',
    async (snaps) => {
      expect((await ask('POST', '/v1/syncs', { snaps, reason })).status).toBe(400);
    },
  );

  it('that nobody asked for is not there', async () => {
    expect((await ask('GET', '/v1/syncs/nothing')).json).toMatchObject({ status: 404, code: 'no-such-sync' });
  });
});

describe('candidates', () => {
  it('are listed in pages', async () => {
    expect((await ask('GET', '/v1/candidates')).json).toEqual({ candidates: [], next: null });
    const after = Buffer.from('candidates\ncore18 latest/stable amd64').toString('base64url');
    expect((await ask('GET', `/v1/candidates?after=${after}&limit=1&snap=core18`)).status).toBe(200);
    expect((await ask('GET', '/v1/candidates?after=core18')).status).toBe(400);
    expect((await ask('GET', '/v1/candidates?limit=1001')).status).toBe(400);
  });
});

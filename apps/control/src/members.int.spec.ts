import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForwardingEventStore } from '#event-store/forwarding-event-store';
import type { Appended, EventStore, StoredEvent } from '#event-store/port';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { noteSigner, signNote } from '#tlog';
import { openMembership, policyKeyName, ALL_RINGS } from '#release-control/published';
import { releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { PolicyDocumentProjection } from '#release-control/policy-document/policy-document-projection';
import { ChangeDesk } from '#test/support/change-desk';
import { emptyReadModels, projectInto } from '#test/support/read-models';
import { readWhole } from '#test/support/whole-history';
import pg from 'pg';

const ORIGIN = 'holdfast.example/test';
const key = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 1));
const model = (more = {}) => ({ kind: 'members', of: 'model', brand: 'acme', model: 'gateway', ...more });
const serial = (number: string, more = {}) => {
  return { kind: 'members', of: 'serial', brand: 'acme', model: 'gateway', serial: number, ...more };
};

/** Which streams are read, in which order. */
class WatchedStore extends ForwardingEventStore {
  readonly read: string[] = [];

  append(...appended: Parameters<EventStore['append']>): Promise<Appended> {
    return this.store.append(...appended);
  }

  override readStream(stream: string, from?: bigint): AsyncIterable<StoredEvent> {
    this.read.push(stream);
    return super.readStream(stream, from);
  }
}

let desk: ChangeDesk;
beforeAll(async () => {
  desk = await ChangeDesk.open({
    olga: ['operator'],
    ana: ['author'],
    ben: ['approver'],
  });
  for (const name of ['pilot', 'production']) await desk.post('olga', '/v1/rings', { name });
});
afterAll(() => desk.close());

async function decided(ring: string, ...items: object[]): Promise<string> {
  const id = await desk.submit('ana', { ring, items });
  expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
  expect(await desk.show(id)).toMatchObject({ status: 'effective' });
  return id;
}
const explain = async (query: string) => (await desk.get('ana', `/v1/members/explain?${query}`)).json;
const list = (devices: readonly string[]) => desk.post('olga', '/v1/device-lists/lab', { devices });

describe('members of rings', () => {
  it('come by a change request of the ring that they enter, and its approvers sign', async () => {
    const production = await decided('production', model());
    const id = await desk.submit('ana', { ring: 'pilot', items: [serial('0001')] });
    expect(await desk.show(id)).toMatchObject({
      record: {
        changes: [
          {
            kind: 'members',
            name: 'serial acme/gateway/0001',
            old: null,
            new: { of: 'serial', serial: '0001' },
            takesFrom: [
              'ring production (model acme/gateway)',
              'the rings of their proxies, where no rule names them',
            ],
          },
        ],
      },
    });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await explain('device=acme/gateway/0001')).toMatchObject({
      ring: 'pilot',
      rule: { name: 'serial acme/gateway/0001', changeRequest: id },
      since: (await desk.control.history(`change-request/${id}`)).at(-1)?.at,
      candidates: [{ ring: 'pilot' }, { ring: 'production', changeRequest: production }],
    });
    expect(await explain('device=acme/gateway/0002')).toMatchObject({ ring: 'production' });
    expect(await explain('device=acme/meter/1')).toMatchObject({
      ring: null,
      rule: null,
      since: null,
      candidates: [],
    });
    const wrong = await desk.get('ana', '/v1/members/explain?device=0001');
    expect(wrong).toMatchObject({ status: 400, json: { code: 'invalid-request' } });
  });

  it('of a list are those of the version that was approved, whatever is imported after it', async () => {
    expect(await list(['acme/gateway/0007'])).toMatchObject({ status: 200, json: { version: 1, count: 1 } });
    const id = await decided('pilot', { kind: 'members', of: 'list', list: 'lab' });
    expect(await list(['acme/gateway/0007', 'acme/gateway/0008'])).toMatchObject({ json: { version: 2 } });
    expect(await explain('device=acme/gateway/0007')).toMatchObject({ ring: 'pilot', rule: { version: 1 } });
    expect(await explain('device=acme/gateway/0008')).toMatchObject({ ring: 'production' });
    const waits = await desk.submit('ana', {
      ring: 'pilot',
      items: [{ kind: 'members', of: 'list', list: 'lab' }],
    });
    expect(await list(['acme/gateway/0006'])).toMatchObject({ json: { version: 3 } });
    expect((await desk.sign('ben', waits)).json).toMatchObject({ status: 'approved' });
    expect(await desk.show(waits)).toMatchObject({ status: 'effective' });
    expect(await explain('device=acme/gateway/0006')).toMatchObject({ ring: 'production' });
    expect(await explain('device=acme/gateway/0008')).toMatchObject({ ring: 'pilot', rule: { version: 2 } });
    expect((await desk.get('ana', '/v1/members?ring=pilot')).json).toMatchObject({
      rings: ['default', 'pilot', 'production'],
      rules: [{ name: 'serial acme/gateway/0001' }, { name: 'list lab', version: 2, count: 2 }],
    });
    expect((await desk.get('ana', '/v1/device-lists/lab?version=1')).json).toMatchObject({
      newest: 3,
      devices: ['acme/gateway/0007'],
    });
    expect((await desk.get('ana', '/v1/device-lists/other')).json).toMatchObject({
      code: 'no-such-device-list',
    });
    expect(id).toMatch(/^CR-/);
    const { members } = (await desk.get('ana', '/v1/policies/pilot')).json;
    expect(members).toEqual(['list lab', 'serial acme/gateway/0001']);
  });

  it('are refused before anybody signs where the rule would have no effect, or is none', async () => {
    await decided('production', serial('0009'));
    const id = await desk.submit('ana', { ring: 'pilot', items: [serial('0009')] });
    expect(await desk.show(id)).toMatchObject({
      status: 'capture-refused',
      failures: [
        {
          code: 'membership-shadowed',
          message: expect.stringContaining('ring production (serial acme/gateway/0009)') as string,
        },
      ],
    });
    for (const [item, code] of [
      [model({ network: '10.1.0.0/8' }), 'invalid-items'],
      [serial('a/b'), 'invalid-items'],
      [{ kind: 'members', of: 'host', host: 'store.lab' }, 'invalid-request'],
      [{ kind: 'members', of: 'serial', brand: 'acme', model: 'gateway' }, 'invalid-request'],
    ] as const) {
      const answer = await desk.post('ana', '/v1/change-requests', { ring: 'pilot', items: [item] });
      expect(answer).toMatchObject({ status: 400, json: { code } });
    }
    const refused = await desk.post('ana', '/v1/device-lists/lab', { devices: ['acme/gateway/1'] });
    expect(refused).toMatchObject({ status: 403, json: { code: 'operator-required' } });
    expect(await list(['acme/gateway/1', 'gateway/2'])).toMatchObject({
      status: 400,
      json: { code: 'invalid-device-list', detail: expect.stringContaining('device 2') as string },
    });
  });

  it('are looked through for one who asks at a time', async () => {
    const store = new WatchedStore(new PostgresEventStore(desk.control.database.url('control')));
    const control = await desk.control.another(store);
    const token = await desk.control.signIn('ana');
    const asked = async (times: number): Promise<readonly string[]> => {
      store.read.length = 0;
      const ask = () => control.ask('GET', '/v1/members/explain?device=acme/gateway/0007', { token });
      const answers = await Promise.all(Array.from({ length: times }, ask));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      return store.read.filter((stream) => stream.startsWith(releasePolicyStream('')));
    };
    const one = await asked(1);
    expect(one.length).toBeGreaterThan(2);
    expect(await asked(4)).toEqual([...one, ...one, ...one, ...one]);
    await control.stop();
  });

  it('go to proxies as one signed document, whichever events come together', async () => {
    const events = await readWhole(desk.control.adapters.store);
    const ports = {
      origin: ORIGIN,
      sign: (text: string) => signNote(text, [key]),
      rootAt: (position: bigint) => String(position),
      history: desk.control.adapters.store,
    };
    const client = new pg.Client({ connectionString: desk.control.database.url('projector') });
    await client.connect();
    await emptyReadModels(client, [new PolicyDocumentProjection(ports)]);
    const document = async (steps: readonly (typeof events)[]) => {
      const projection = new PolicyDocumentProjection(ports);
      await client.query('delete from read_blue.policy_document_v1');
      for (const step of steps) await projectInto(client, [projection], step);
      const { rows } = await client.query<{ document: Buffer; note: string }>(
        'select document, note from read.policy_document_v1 where ring = $1',
        [ALL_RINGS],
      );
      return rows[0];
    };
    const row = await document([events]);
    if (!row) throw new Error('there are rules');
    expect(await document(events.map((event) => [event]))).toEqual(row);
    expect(openMembership(row, { vkey: key.vkey, origin: ORIGIN })).toMatchObject({
      rings: ['default', 'pilot', 'production'],
      rules: [
        { ring: 'production', name: 'serial acme/gateway/0009' },
        { ring: 'pilot', name: 'serial acme/gateway/0001' },
        { ring: 'pilot', name: 'list lab' },
        { ring: 'production', name: 'model acme/gateway' },
      ],
      lists: [{ list: 'lab', version: 2, devices: ['acme/gateway/0007', 'acme/gateway/0008'] }],
    });
    await client.end();
  });

  it('become no members by a record that does not say whose devices they are by now', async () => {
    const valve = { model: 'valve' };
    const id = await desk.submit('ana', { ring: 'pilot', items: [serial('0001', valve)] });
    await decided('production', model(valve));
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    expect(await desk.show(id)).toMatchObject({ status: 'stale' });
    expect(await explain('device=acme/valve/0001')).toMatchObject({ ring: 'production' });
    expect((await desk.control.history(`change-request/${id}`)).at(-1)).toMatchObject({
      type: 'ChangeBecameStale',
      reason: {
        code: 'takes-more',
        text: expect.stringContaining('ring production (model acme/valve)') as string,
      },
    });
    await decided('pilot', serial('0001', valve));
    expect(await explain('device=acme/valve/0001')).toMatchObject({ ring: 'pilot' });
  });
});

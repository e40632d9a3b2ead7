import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '#kernel';
import { ForwardingEventStore } from '#event-store/forwarding-event-store';
import { EventStoreError, type Appended, type EventToAppend } from '#event-store/port';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { withClient } from '#platform/database/with-client';
import { GivenInHistory } from '#platform/idempotency/given-in-history';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { textOfDatabase } from '#test/support/text-of-database';
import { readWhole } from '#test/support/whole-history';
import { Stage } from './testing/stage.js';

/** Says that it does not know whether it appended: as when the connection breaks, before the request has come or before the answer has. */
class BreakingStore extends ForwardingEventStore {
  breaks: 'never' | 'before' | 'after' = 'never';

  async append(stream: string, expected: bigint, events: readonly EventToAppend[]): Promise<Appended> {
    const broken = new EventStoreError('outcome-unknown', 'the connection broke');
    if (this.breaks === 'before') throw broken;
    const appended = await this.store.append(stream, expected, events);
    if (this.breaks === 'after') throw broken;
    return appended;
  }
}

let stage: Stage;
let control: ControlUnderTest;
let other: ControlUnderTest;
let losing: ControlUnderTest;
let store: BreakingStore;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  stage = await Stage.set(control);
  other = await control.another();
  store = new BreakingStore(new PostgresEventStore(control.database.url('control')));
  losing = await control.another(store);
});
afterAll(async () => {
  await losing?.stop();
  await other?.stop();
  await stage?.end();
});

const items = [{ snap: 'lab-hello', channel: 'latest/stable', revision: 12 }];
const draft = (key: string, at = control, more: object = {}, login = 'ana'): Promise<Answer> =>
  at.ask('POST', '/v1/change-requests', {
    token: stage.token(login),
    body: { items, reason: REASON, ...more },
    headers: { 'idempotency-key': key },
  });
const count = async () => (await readWhole(control.adapters.store)).length;

describe('a request with an Idempotency-Key', () => {
  it('is carried out once, when both come at once, on one server or on two', async () => {
    for (const servers of [
      [control, control],
      [control, other],
      [control, other, control, other, other],
    ]) {
      const key = randomUUID();
      const before = await count();
      const answers = await Promise.all(servers.map((server) => draft(key, server)));
      expect(answers.map(({ status }) => status)).toEqual(servers.map(() => 202));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
      expect(await count()).toBe(before + 2);
    }
  });

  it('names its events: the command’s id follows from who asked and the key', async () => {
    const key = randomUUID();
    const { json } = await draft(key);
    const events = await control.history(`change-request/${String(json['id'])}`);
    const { actor } = events[0] ?? {};
    if (actor?.kind !== 'person') throw new Error('no person drafted');
    expect(events.map(({ cause }) => cause)).toEqual(
      events.map(() => uuidOf('idempotency-key', actor.id, key)),
    );
  });

  it('is another one by somebody else, and with another key', async () => {
    const key = randomUUID();
    const bob = await stage.somebody('author');
    const ids = [await draft(key), await draft(key, other, {}, bob), await draft(randomUUID())];
    expect(new Set(ids.map(({ json }) => json['id'])).size).toBe(3);
  });

  it('is the same in quotation marks, as the draft has it, and with its members in another order', async () => {
    const key = randomUUID();
    const first = await draft(key);
    const body = { reason: { text: REASON.text, code: REASON.code }, items };
    const again = await other.ask('POST', '/v1/change-requests', {
      token: stage.token('ana'),
      body,
      headers: { 'idempotency-key': `"${key}"` },
    });
    expect(again.text).toBe(first.text);
  });

  it('is refused for anything else, also while the first one is under way', async () => {
    const key = randomUUID();
    const [first, second] = await Promise.all([draft(key), draft(key, other, { submit: false })]);
    expect(new Set([first.status, second.status])).toEqual(new Set([202, 422]));
    const elsewhere = await other.ask('POST', '/v1/watched-snaps', {
      token: stage.token('ana'),
      body: { snap: 'lab-tool', reason: REASON },
      headers: { 'idempotency-key': key },
    });
    expect(elsewhere.json).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });

  it('that was refused has done nothing, and is looked at again', async () => {
    const key = randomUUID();
    const login = await stage.somebody();
    expect((await draft(key, control, {}, login)).json).toMatchObject({ status: 403, code: 'not-an-author' });
    await stage.post('admin', `/v1/people/${login}/roles`, { role: 'author', reason: REASON });
    expect((await draft(key, other, {}, login)).status).toBe(202);
  });

  it.each(['short', 'x'.repeat(129), '"half-a-quotation', 'blanks are not taken', ''])(
    'is not taken with the key %j',
    async (key) => {
      const before = await count();
      expect((await draft(key)).json).toMatchObject({ status: 400, code: 'invalid-request' });
      expect(await count()).toBe(before);
    },
  );

  it('of which nobody knows whether it was carried out is settled by the history', async () => {
    const { id } = await stage.captured();
    const key = randomUUID();
    const withdraw = (at: ControlUnderTest) =>
      at.ask('POST', `/v1/change-requests/${id}/withdraw`, {
        token: stage.token('ana'),
        body: { reason: REASON },
        headers: { 'idempotency-key': key },
      });
    store.breaks = 'after';
    const lost = await withdraw(losing);
    expect(lost.json).toMatchObject({ status: 503, code: 'outcome-unknown' });
    expect(lost.headers).not.toHaveProperty('retry-after');
    store.breaks = 'never';
    const before = await count();
    const again = await withdraw(other);
    expect(again).toMatchObject({ status: 200, json: { id, status: 'withdrawn' } });
    expect((await withdraw(control)).text).toBe(again.text);
    expect(await count()).toBe(before);
  });

  it('whose answer cannot be made again is not done again either: what was done is named', async () => {
    const key = randomUUID();
    store.breaks = 'after';
    await draft(key, losing);
    store.breaks = 'never';
    const before = await count();
    const again = await draft(key, other);
    expect(again.json).toMatchObject({ status: 409, code: 'answer-lost' });
    expect(again.json['detail']).toContain('ChangeDrafted in change-request/CR-2026-');
    expect(await count()).toBe(before);
  });

  it('that never got as far as the record is carried out when it is asked again', async () => {
    const key = randomUUID();
    const before = await count();
    store.breaks = 'before';
    expect((await draft(key, losing)).status).toBe(503);
    store.breaks = 'never';
    expect(await count()).toBe(before);
    const again = await draft(key, other);
    expect(again.status).toBe(202);
    expect((await draft(key, losing)).text).toBe(again.text);
    expect(await count()).toBe(before + 2);
  });

  describe('of which a restored site knows by its history alone', () => {
    const withdrawal = (id: string, key: string) =>
      control.ask('POST', `/v1/change-requests/${id}/withdraw`, {
        token: stage.token('ana'),
        body: { reason: REASON },
        headers: { 'idempotency-key': key },
      });

    /** As a restore does: what was taken is not in a backup. */
    const restored = () =>
      withClient(control.database.ownerUrl, async (client) => {
        await client.query('truncate requests.taken');
        const given = new GivenInHistory(new Date(Date.parse(control.clock.now()) + 3_600_000).toISOString());
        for (const { envelope, position } of await readWhole(control.adapters.store))
          given.take(envelope, position);
        await given.remember(client);
        await client.query('update requests.taken set taken_at = now()');
      });

    it('is not done twice: it is answered from the history, or refused with what was done', async () => {
      const { id } = await stage.captured();
      const [key, drafting, refused] = [randomUUID(), randomUUID(), randomUUID()];
      const withdraw = () => withdrawal(id, key);
      const first = await withdraw();
      await draft(drafting);
      expect((await draft(refused, control, {}, 'ben')).status).toBe(403);
      const before = await count();
      await restored();
      expect((await withdraw()).text).toBe(first.text);
      const again = await draft(drafting);
      expect(again.json).toMatchObject({ status: 409, code: 'answer-lost' });
      expect(again.json['detail']).toContain('ChangeDrafted in change-request/CR-2026-');
      expect((await draft(refused, control, {}, 'ben')).status).toBe(403);
      expect(await count()).toBe(before);
    });

    it('is refused for anything else with the same key', async () => {
      const key = randomUUID();
      await draft(key);
      await restored();
      const before = await count();
      const elsewhere = await other.ask('POST', '/v1/watched-snaps', {
        token: stage.token('ana'),
        body: { snap: 'lab-tool', reason: REASON },
        headers: { 'idempotency-key': key },
      });
      expect(elsewhere.json).toMatchObject({ status: 409, code: 'answer-lost' });
      expect(await count()).toBe(before);
    });

    it('is not forgotten when its key is given with what decides nothing', async () => {
      const key = randomUUID();
      await draft(key);
      await restored();
      const before = await count();
      const preview = await other.ask('POST', '/v1/override-previews', {
        token: stage.token('ana'),
        body: { items },
        headers: { 'idempotency-key': key },
      });
      expect(preview.json).toMatchObject({ status: 409, code: 'answer-lost' });
      expect((await draft(key)).json).toMatchObject({ status: 409, code: 'answer-lost' });
      expect(await count()).toBe(before);
    });

    it('is what was asked, once it was answered again: its answer is of nothing else', async () => {
      const [{ id }, { id: another }] = [await stage.captured(), await stage.captured()];
      const key = randomUUID();
      const first = await withdrawal(id, key);
      await restored();
      const before = await count();
      expect((await withdrawal(another, key)).json).toMatchObject({ status: 409, code: 'answer-lost' });
      expect((await withdrawal(id, key)).text).toBe(first.text);
      expect((await withdrawal(another, key)).json).toMatchObject({
        status: 422,
        code: 'idempotency-key-reused',
      });
      expect(await count()).toBe(before);
    });
  });

  it('is no way to ask without being signed in, nor after the session ended', async () => {
    const login = await stage.somebody('author');
    const key = randomUUID();
    await draft(key, control, {}, login);
    await control.ask('DELETE', '/v1/sessions/current', { token: stage.token(login) });
    expect((await draft(key, control, {}, login)).status).toBe(401);
  });

  it('leaves no password and no secret in the database', async () => {
    const key = randomUUID();
    const body = {
      name: 'secret-of-this-test',
      standingReason: REASON,
      rings: ['default'],
      login: 'ana',
      password: PASSWORD,
      reason: REASON,
    };
    const asked = { token: stage.token('ana'), body, headers: { 'idempotency-key': key } };
    const { json } = await control.ask('POST', '/v1/tokens', asked);
    const again = await other.ask('POST', '/v1/tokens', asked);
    expect(again.json['token']).toBe(json['token']);
    const text = await textOfDatabase(control.database.ownerUrl);
    const hex = (secret: string) => Buffer.from(secret).toString('hex');
    for (const secret of [PASSWORD, String(json['token'])]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(hex(secret));
    }
    expect(text).toContain('requests.taken');
  });

  it('keeps no other request waiting while it is worked on', async () => {
    const tokens = Array.from({ length: 40 }, (_, i) =>
      control.ask('POST', '/v1/tokens', {
        token: stage.token('ana'),
        body: {
          name: `one-of-many-${i}`,
          standingReason: REASON,
          rings: ['default'],
          password: PASSWORD,
          reason: REASON,
        },
        headers: { 'idempotency-key': randomUUID() },
      }),
    );
    const halt = await control.ask('POST', '/v1/rings/default/halt', {
      token: stage.token('olga'),
      body: { reason: REASON },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(halt.status).toBe(200);
    expect(new Set((await Promise.all(tokens)).map(({ status }) => status))).toEqual(new Set([201]));
  });

  it('is passed over where nobody is known yet: a sign-in proves itself each time', async () => {
    const login = await stage.somebody();
    const signIn = () =>
      other.ask('POST', '/v1/sessions', {
        body: { login, password: PASSWORD },
        headers: { 'idempotency-key': 'the-same-key-for-everybody' },
      });
    const [first, second] = [await signIn(), await signIn()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json['token']).not.toBe(first.json['token']);
    await stage.post('admin', `/v1/people/${login}/disable`, { reason: REASON });
    expect((await signIn()).status).toBe(401);
  });

  it('is remembered for a day', async () => {
    const key = randomUUID();
    await draft(key);
    const taken = () =>
      withClient(control.database.ownerUrl, async (client) => {
        const { rows } = await client.query<{ old: string }>(
          "select count(*) as old from requests.taken where taken_at < now() - interval '24 hours'",
        );
        return rows[0]?.old;
      });
    await withClient(control.database.ownerUrl, (client) =>
      client.query("update requests.taken set taken_at = now() - interval '25 hours'"),
    );
    await control.adapters.takenRequests.sweep();
    expect(await taken()).toBe('0');
  });
});

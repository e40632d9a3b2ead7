import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalBytes, decodeEvent, sha256Hex, uuidv7 } from '#kernel';
import { ControlUnderTest } from '#test/support/control-under-test';
import { emptyReadModels, projectInto } from '#test/support/read-models';
import { hashLeaf, MemoryLog, noteSigner, noteVerifier, openCheckpoint } from '#tlog';
import { auditTrailProjection } from '../../projections/audit-trail/projection.js';

/** More than are read at once, twice, and a part of it. */
const SIZE = 450;
/** Not by encodeEvent, which refuses U+0000: whatever stands in a history is copied. */
const history = Array.from({ length: SIZE }, (_, i) =>
  canonicalBytes({
    id: uuidv7(),
    type: i % 10 === 7 ? 'OverrideSet' : 'Noted',
    v: 1,
    stream: `note/${i % 3}`,
    streamRevision: String(i),
    part: [1, 1],
    at: new Date(Date.UTC(2026, 10, 20, 0, 0, i)).toISOString(),
    zone: 'Europe/Zurich',
    offset: '+01:00',
    actor: { kind: 'service', id: 'worker', for: 'note/1' },
    authorisedBy: [],
    reason: {
      code: 'routine',
      text: i === 5 ? 'a NUL \u0000, "quotes",\na line and \u2028 another' : 'because',
    },
    cause: 'c',
    correlation: 'r',
    data: { i, old: null, new: '=1+1' },
  }),
);
const positioned = history.map((bytes, i) => ({ position: BigInt(i), envelope: decodeEvent(bytes), bytes }));

describe('GET /v1/audit/export', () => {
  let control: ControlUnderTest;
  let token: string;
  let client: pg.Client;

  beforeAll(async () => {
    control = await ControlUnderTest.start();
    token = await control.admin();
    client = new pg.Client({ connectionString: control.database.url('projector') });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await control?.stop();
  });

  const copies = () => control.history('record-copies');
  const ask = (query = '') => control.ask('GET', `/v1/audit/export${query}`, { token });
  async function copy(query = '') {
    const { status, text, headers } = await ask(query);
    expect([status, headers['content-type']]).toEqual([200, 'application/jsonl']);
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    const end = JSON.parse(lines.pop() ?? '') as Record<string, unknown>;
    return { rows: lines, end };
  }

  it('R05: says that there is no copy while the trail cannot be read, and gives no empty one', async () => {
    expect(await ask()).toMatchObject({ status: 503, json: { code: 'not-yet-projected' } });
    expect(await copies()).toEqual([]);
    await emptyReadModels(client, [auditTrailProjection]);
    expect(await copy()).toMatchObject({ rows: [], end: { count: '0' } });
    await projectInto(client, [auditTrailProjection], positioned);
  });

  it('R09: is whole: as many rows as the tree has leaves, each with the bytes and the hash of its leaf', async () => {
    const { rows, end } = await copy();
    const signer = noteSigner('site.example/log', Buffer.alloc(32, 7));
    const log = new MemoryLog(history, signer);
    const checkpoint = openCheckpoint(log.files.get('checkpoint') ?? '', [noteVerifier(signer.vkey)]);
    expect(BigInt(rows.length)).toBe(checkpoint.size);
    expect(rows).toEqual(
      history.map(
        (bytes, i) =>
          `{"position":"${i}","sha256":"${sha256Hex(bytes)}","leaf":"${hashLeaf(bytes).toString('hex')}","event":${Buffer.from(bytes).toString()}}`,
      ),
    );
    expect(end).toEqual({
      end: true,
      count: String(SIZE),
      root: checkpoint.root.toString('base64'),
      sha256: createHash('sha256')
        .update(`${rows.join('\n')}\n`)
        .digest('hex'),
    });
  });

  it('R08, R09: is of what is searched for, without a limit, and then of no tree', async () => {
    const { rows, end } = await copy('?type=OverrideSet&reason=routine&after=17');
    const found = [...history.keys()].filter((i) => i % 10 === 7 && i > 17);
    expect(rows.map((row) => (JSON.parse(row) as { position: string }).position)).toEqual(found.map(String));
    expect(end).toMatchObject({ count: String(found.length), root: null });
    expect(await copy('?actor=nobody')).toMatchObject({ rows: [], end: { count: '0', root: null } });
  });

  it('R01, R09: that a copy was taken is an event itself: by whom, of what, up to where, and into what it is made', async () => {
    const before = (await copies()).length;
    await copy();
    await copy('?type=OverrideSet&as=pdf&after=17');
    const added = (await copies()).slice(before);
    expect(added.map(({ type, data }) => [type, data])).toEqual([
      ['RecordCopied', { form: 'jsonl', filter: {}, through: String(SIZE - 1) }],
      [
        'RecordCopied',
        { form: 'pdf', filter: { type: 'OverrideSet', after: '17' }, through: String(SIZE - 1) },
      ],
    ]);
    expect(added.map(({ actor }) => actor)).toEqual(
      added.map(
        () => expect.objectContaining({ kind: 'person', name: expect.any(String) as string }) as unknown,
      ),
    );
  });

  it.each([
    ['change-request', { id: 'CR-2026-0042' }, 'pdf'],
    ['review', { id: 'PR-0001' }, 'pdf'],
    ['agenda', {}, 'pdf'],
    ['minutes', { from: '2026-12-04T00:00:00.000Z', to: '2026-12-05T00:00:00.000Z' }, 'pdf'],
    ['bundle', {}, 'files'],
  ])('R01, R09: that a copy is made of the record as %s is an event too', async (of, about, form) => {
    const before = (await copies()).length;
    const noted = await control.ask('POST', '/v1/record-copies', { token, body: { of, ...about } });
    expect(noted).toMatchObject({ status: 200, json: { cursor: expect.any(String) as string } });
    expect((await copies()).slice(before)).toMatchObject([
      {
        type: 'RecordCopied',
        data: { form, of, filter: about, through: String(SIZE - 1) },
        actor: { kind: 'person' },
      },
    ]);
  });

  it.each([
    {},
    { of: 'trail' },
    { of: 'review' },
    { of: 'review', id: '../etc' },
    { of: 'review', id: 'CR-2026-0042' },
    { of: 'change-request', id: 'TR-0001' },
    { of: 'bundle', id: 'CR-2026-0042' },
    { of: 'agenda', from: '2026-12-04T00:00:00Z' },
    { of: 'minutes', from: 'yesterday' },
    { of: 'minutes', from: '2026-12-04T00:00:00Z' },
    { of: 'minutes', from: '2026-12-05T00:00:00+01:00', to: '2026-12-04T23:00:00Z' },
  ])('R09: refuses to note a copy of %j, and records nothing', async (body) => {
    const before = (await copies()).length;
    expect(await control.ask('POST', '/v1/record-copies', { token, body })).toMatchObject({ status: 400 });
    expect(await copies()).toHaveLength(before);
    expect((await control.ask('POST', '/v1/record-copies', { body: { of: 'agenda' } })).status).toBe(401);
  });

  it('R05: no copy goes out of which that cannot be recorded', async () => {
    const owner = new pg.Client({ connectionString: control.database.ownerUrl });
    await owner.connect();
    try {
      await owner.query('alter table events.event rename to taken_away');
      const { status, text } = await ask('?as=csv');
      expect([status >= 500, text.includes('"leaf"')]).toEqual([true, false]);
    } finally {
      await owner.query('alter table events.taken_away rename to event');
      await owner.end();
    }
    expect((await copy('?as=csv')).rows).toHaveLength(SIZE);
  });

  it.each(['from=yesterday', 'limit=10', 'after=-1', 'as=xml'])(
    'refuses %s, and records nothing',
    async (query) => {
      const before = (await copies()).length;
      expect(await ask(`?${query}`)).toMatchObject({ status: 400, json: { code: 'invalid-request' } });
      expect(await copies()).toHaveLength(before);
    },
  );

  it('is not for strangers', async () => {
    expect((await control.ask('GET', '/v1/audit/export')).status).toBe(401);
  });
});

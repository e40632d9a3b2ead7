import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '#platform/database/with-client';
import { ChangeDesk } from '#test/support/change-desk';
import { REASON, type Answer } from '#test/support/control-under-test';

const ITEMS = [{ snap: 'lab-hello', channel: 'stable', revision: 7 }];
const FILE = 'application/octet-stream';
const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let desk: ChangeDesk;
beforeAll(async () => {
  desk = await ChangeDesk.open({ ana: ['author'], ben: ['approver'], aud: ['auditor'] });
});
afterAll(() => desk?.close());

let listening: Promise<string> | undefined;

/** Bytes of {@link begin}: one row of a file, and some of the next one. */
const BEGUN = (3 * MIB) / 8;

interface Begun {
  readonly login?: string;
  readonly ifMatch?: string;
  /** Of which all of it is. */
  readonly byte?: number;
  /** Of another server. */
  readonly at?: string;
}

/** The beginning of a file of 2 MiB, and no more of it. */
async function begin(id: string, { login = 'ana', ifMatch, byte = 1, at }: Begun = {}): Promise<Socket> {
  const token = await desk.control.signIn(login);
  const url = new URL(at ?? (await (listening ??= desk.control.listen())));
  const socket = connect(Number(url.port), url.hostname);
  const head = [
    `POST ${addressOf(id)} HTTP/1.1`,
    'host: control',
    `authorization: Bearer ${token}`,
    `content-type: ${FILE}`,
    `content-length: ${2 * MIB}`,
    ...(ifMatch === undefined ? [] : [`if-match: ${ifMatch}`]),
    '',
    '',
  ];
  socket.write(head.join('\r\n'));
  socket.write(Buffer.alloc(BEGUN, byte));
  return socket;
}

/** What of a file has come is on its way into the database, and more is waited for. */
const UPLOADING = `datname = current_database() and state like 'idle in transaction%' and query like 'insert into attachments.part%'`;

async function stalled(client: pg.Client, uploads: number): Promise<void> {
  const count = `select 1 from pg_stat_activity where ${UPLOADING}`;
  while ((await client.query(count)).rowCount !== uploads) await setImmediate();
}

const draft = () => desk.submit('ana', { items: ITEMS, submit: false });

interface Sent {
  readonly name?: string;
  readonly mediaType?: string;
  readonly sha256?: string;
  readonly reason?: string;
}

function addressOf(id: string, { name = 'report.pdf', reason = REASON.text, ...more }: Sent = {}): string {
  const said = new URLSearchParams({ name, reasonCode: REASON.code, reason, ...more });
  return `/v1/change-requests/${id}/attachments?${said.toString()}`;
}

async function attach(login: string, id: string, content: Uint8Array, sent?: Sent): Promise<Answer> {
  const token = await desk.control.signIn(login);
  const headers = { 'content-type': FILE };
  const answer = await desk.control.ask('POST', addressOf(id, sent), { token, body: content, headers });
  await desk.catchUp();
  return answer;
}

async function rows(): Promise<{ readonly files: number; readonly parts: number }> {
  const [counted] = await withClient(desk.control.database.ownerUrl, async (client) => {
    const select =
      'select (select count(*)::int from attachments.file) as files, (select count(*)::int from attachments.part) as parts';
    return (await client.query<{ files: number; parts: number }>(select)).rows;
  });
  return counted ?? { files: -1, parts: -1 };
}

describe('a file that is attached to a request', () => {
  it('is in the record that is signed where it came before, and shown as later where it did not', async () => {
    const id = await draft();
    const report = Buffer.from('all is well');
    const before = await attach('ana', id, report, { mediaType: 'application/pdf', sha256: sha256(report) });
    expect(before.json).toMatchObject({ id, status: 'drafted', size: 11, sha256: sha256(report) });
    await desk.act('ana', id, 'submit');
    await attach('aud', id, Buffer.from('seen'), { name: 'seen.txt' });
    const named = { name: 'report.pdf', mediaType: 'application/pdf', attachment: sha256(report) };
    expect(await desk.show(id)).toMatchObject({
      status: 'captured',
      record: { attachments: [{ ...named, by: { name: 'ana of the team' } }] },
      attachments: [
        { ...named, inRecord: true },
        { name: 'seen.txt', mediaType: FILE, inRecord: false, by: { name: 'aud of the team' } },
      ],
    });
    expect((await desk.sign('ben', id)).json).toMatchObject({ status: 'approved' });
    const added = (await desk.control.history(`change-request/${id}`)).find(
      ({ type }) => type === 'AttachmentAdded',
    );
    expect(added).toMatchObject({ actor: { name: 'ana of the team' }, reason: REASON, data: named });
  });

  it('is given out as it came, to be kept and never shown', async () => {
    const id = await draft();
    const page = Buffer.concat([Buffer.from('<script>alert(1)</script>'), Buffer.alloc(MIB, 7)]);
    const name = `ré"port'; x*.html`;
    await attach('ana', id, page, { name, mediaType: 'text/html' });
    const token = await desk.control.signIn('aud');
    const url = `/v1/change-requests/${id}/attachments/${sha256(page)}`;
    const { status, headers, text } = await desk.control.ask('GET', url, { token });
    expect(status).toBe(200);
    expect(sha256(Buffer.from(text, 'utf8'))).toBe(sha256(page));
    expect(headers).toMatchObject({
      'content-type': FILE,
      'content-disposition': `attachment; filename*=UTF-8''r%C3%A9%22port%27%3B%20x%2A.html`,
      'content-length': String(page.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const other = await desk.control.ask('GET', `${url.slice(0, -1)}x`, { token });
    expect(other.json).toMatchObject({ status: 404, code: 'no-such-attachment' });
    expect((await desk.control.ask('GET', url)).status).toBe(401);
  });

  it('is there once, however often the same bytes come', async () => {
    const [one, two] = [await draft(), await draft()];
    const bytes = Buffer.alloc(MIB + 1, 3);
    await attach('ana', one, bytes);
    const before = await rows();
    expect((await attach('ana', two, bytes, { name: 'another name' })).status).toBe(200);
    expect((await attach('ana', one, bytes)).json).toMatchObject({ status: 409, code: 'already-attached' });
    expect(await rows()).toEqual(before);
  });
});

describe('what is refused of an attachment', () => {
  let id: string;
  beforeAll(async () => {
    id = await draft();
  });

  it.each<[string, Sent, Uint8Array, object]>([
    ['no reason', { reason: '' }, Buffer.from('x'), { status: 400, code: 'reason-required' }],
    [
      'a reason that is none',
      { reason: 'updated' },
      Buffer.from('x'),
      { status: 400, code: 'reason-required' },
    ],
    ['a hostile name', { name: '../passwd' }, Buffer.from('x'), { status: 400, code: 'invalid-attachment' }],
    ['no content', {}, Buffer.alloc(0), { status: 400 }],
    [
      'another digest',
      { sha256: 'a'.repeat(64) },
      Buffer.from('x'),
      { status: 422, code: 'attachment-differs' },
    ],
    ['too much', {}, Buffer.alloc(20 * MIB + 1), { status: 413, code: 'attachment-too-large' }],
  ])('leaves nothing behind: %s', async (_what, sent, content, refusal) => {
    const before = await rows();
    expect((await attach('ana', id, content, sent)).json).toMatchObject(refusal);
    expect(await rows()).toEqual(before);
    expect(await desk.show(id)).toMatchObject({ attachments: [] });
  });

  it('leaves nothing behind: somebody else’s draft', async () => {
    const before = await rows();
    expect((await attach('ben', id, Buffer.from('x'))).json).toMatchObject({ code: 'not-the-author' });
    expect(await rows()).toEqual(before);
  });

  it('takes files at their own routes alone', async () => {
    const token = await desk.control.signIn('ana');
    const asked = { token, body: Buffer.from('{}'), headers: { 'content-type': FILE } };
    const answer = await desk.control.ask('POST', '/v1/change-requests', asked);
    expect(answer.json).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    const json = await desk.control.ask('POST', addressOf(id), { token, body: { not: 'a file' } });
    expect(json.status).toBeGreaterThanOrEqual(400);
    expect(await desk.show(id)).toMatchObject({ attachments: [] });
  });

  it('leaves nothing behind of an upload that breaks off', async () => {
    const before = await rows();
    const socket = await begin(id);
    await withClient(desk.control.database.ownerUrl, async (client) => {
      await stalled(client, 1);
      socket.destroy();
      await once(socket, 'close');
      await stalled(client, 0);
    });
    expect(await rows()).toEqual(before);
    expect(await desk.show(id)).toMatchObject({ attachments: [] });
  });

  it('leaves nothing behind of an upload whose connection to the database is ended, and control goes on', async () => {
    const before = await rows();
    const socket = await begin(id);
    const answered = once(socket, 'data');
    await withClient(desk.control.database.ownerUrl, async (client) => {
      await stalled(client, 1);
      await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${UPLOADING}`);
      await stalled(client, 0);
    });
    // One row more, and nothing that would be left unread.
    socket.write(Buffer.alloc(MIB / 2 - BEGUN, 1));
    const answer = String((await answered)[0]);
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/^retry-after: 5\r$/m);
    expect(answer).toContain('"code":"unavailable"');
    expect(await rows()).toEqual(before);
    expect(await desk.show(id)).toMatchObject({ attachments: [] });
  });

  it('leaves nothing behind: what may not be attached any more once it has come', async () => {
    const items = [{ snap: 'lab-hello', channel: 'stable', revision: 8 }];
    const open = await desk.submit('ana', { items });
    expect(await desk.show(open)).toMatchObject({ status: 'captured' });
    const before = await rows();
    const socket = await begin(open, { login: 'aud' });
    await withClient(desk.control.database.ownerUrl, async (client) => {
      await stalled(client, 1);
      const revised = await desk.act('ana', open, 'revise', { items, submit: false });
      expect(revised.json).toMatchObject({ status: 'drafted' });
    });
    const answered = once(socket, 'data');
    socket.write(Buffer.alloc(2 * MIB - BEGUN, 1));
    const answer = String((await answered)[0]);
    socket.destroy();
    expect(answer).toContain('not-the-author');
    expect(await rows()).toEqual(before);
  });

  it('leaves nothing behind: a request that is not, or not any more, as If-Match says', async () => {
    const other = await draft();
    const token = await desk.control.signIn('ana');
    const before = await rows();
    const headers = { 'content-type': FILE, 'if-match': '"99"' };
    const asked = { token, body: Buffer.from('for another revision'), headers };
    const stale = await desk.control.ask('POST', addressOf(other), asked);
    expect(stale.json).toMatchObject({ status: 412, code: 'precondition-failed' });
    expect(await rows()).toEqual(before);
    const looked = await desk.control.ask('GET', `/v1/change-requests/${other}`, { token });
    const socket = await begin(other, { ifMatch: String(looked.headers['etag']) });
    await withClient(desk.control.database.ownerUrl, (client) => stalled(client, 1));
    expect((await attach('ana', other, Buffer.from('it came between'))).status).toBe(200);
    const between = await rows();
    const answered = once(socket, 'data');
    socket.write(Buffer.alloc(2 * MIB - BEGUN, 1));
    const answer = String((await answered)[0]);
    socket.destroy();
    expect(answer).toContain('precondition-failed');
    expect(await rows()).toEqual(between);
  });

  it('leaves nothing behind: all but the first of those that come at the same moment for one revision, on whichever server', async () => {
    const other = await draft();
    const token = await desk.control.signIn('ana');
    const looked = await desk.control.ask('GET', `/v1/change-requests/${other}`, { token });
    const ifMatch = String(looked.headers['etag']);
    const second = await desk.control.another();
    const at = await second.listen();
    const before = await rows();
    const sockets = await Promise.all(
      [2, 3, 4, 5].map((byte) => begin(other, { ifMatch, byte, ...(byte > 3 && { at }) })),
    );
    await withClient(desk.control.database.ownerUrl, (client) => stalled(client, 4));
    const answers = await Promise.all(
      sockets.map(async (socket, i) => {
        const answered = once(socket, 'data');
        socket.write(Buffer.alloc(2 * MIB - BEGUN, 2 + i));
        const answer = String((await answered)[0]);
        socket.destroy();
        return /^HTTP\/1.1 (\d+)/.exec(answer)?.[1];
      }),
    );
    await second.stop();
    expect(Map.groupBy(answers, (status) => status)).toEqual(
      new Map([
        ['200', ['200']],
        ['412', ['412', '412', '412']],
      ]),
    );
    expect(await rows()).toEqual({ files: before.files + 1, parts: before.parts + 8 });
  });

  it('keeps nobody from reading, however many uploads have stopped half-way', async () => {
    const other = await draft();
    const bytes = Buffer.from('to be read');
    await attach('ana', other, bytes);
    const sockets = await Promise.all(Array.from({ length: 4 }, () => begin(id)));
    await withClient(desk.control.database.ownerUrl, async (client) => {
      await stalled(client, 4);
      const token = await desk.control.signIn('aud');
      const url = `/v1/change-requests/${other}/attachments/${sha256(bytes)}`;
      expect((await desk.control.ask('GET', url, { token })).text).toBe('to be read');
      for (const socket of sockets) socket.destroy();
      await stalled(client, 0);
    });
  });
});

describe('a file with an Idempotency-Key', () => {
  it('is the file that its address names: another one is not taken for it', async () => {
    const id = await draft();
    const token = await desk.control.signIn('ana');
    const headers = { 'content-type': FILE, 'idempotency-key': randomUUID() };
    const send = (text: string, sent: Sent) =>
      desk.control.ask('POST', addressOf(id, sent), { token, body: Buffer.from(text), headers });
    const before = await rows();
    for (const sent of [{}, { sha256: 'a' }])
      expect((await send('one', sent)).json).toMatchObject({
        status: 400,
        code: 'invalid-request',
        detail: expect.stringContaining('sha256=') as string,
      });
    expect(await rows()).toEqual(before);
    const named = (text: string) => send(text, { sha256: sha256(Buffer.from(text)) });
    const first = await named('one');
    expect(first.json).toMatchObject({ status: 'drafted', sha256: sha256(Buffer.from('one')) });
    const again = await named('one');
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    expect((await named('two')).json).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });
});

describe('the bytes of an attachment', () => {
  it('are not given out whole when they are not what their digest says, and are said to be lost when they are gone', async () => {
    const id = await draft();
    const bytes = Buffer.alloc(MIB, 9);
    await attach('ana', id, bytes);
    const url = `/v1/change-requests/${id}/attachments/${sha256(bytes)}`;
    const token = await desk.control.signIn('aud');
    const asOwner = (statement: string) =>
      withClient(desk.control.database.ownerUrl, (client) => client.query(statement, [sha256(bytes)]));
    const ofFile = 'upload = (select upload from attachments.file where sha256 = $1)';
    await asOwner(`update attachments.part set bytes = set_byte(bytes, 5, 1) where part = 1 and ${ofFile}`);
    await expect(desk.control.ask('GET', url, { token })).rejects.toThrow(/destroyed|aborted|lost|digest/);
    await asOwner('delete from attachments.file where sha256 = $1');
    expect((await desk.control.ask('GET', url, { token })).json).toMatchObject({ code: 'attachment-lost' });
  });

  it('R05, R10: are for control to add and to read, and for nobody but the owner to alter or remove', async () => {
    for (const role of ['control', 'worker', 'projector', 'proxy'] as const)
      await withClient(desk.control.database.url(role), async (client) => {
        for (const table of ['attachments.file', 'attachments.part'])
          for (const statement of [
            `delete from ${table}`,
            `update ${table} set upload = upload`,
            `truncate ${table}`,
          ])
            await expect(client.query(statement)).rejects.toThrow(/permission denied/);
      });
  });
});

it('a file may be as large as the site’s setting says', async () => {
  const small = await ChangeDesk.open({ ana: ['author'] }, { attachmentMib: 1 });
  try {
    const id = await small.submit('ana', { items: ITEMS });
    const token = await small.control.signIn('ana');
    const headers = { 'content-type': FILE };
    const send = (bytes: number) =>
      small.control.ask('POST', addressOf(id), { token, body: Buffer.alloc(bytes, 1), headers });
    expect((await send(MIB + 1)).json).toMatchObject({ code: 'attachment-too-large' });
    expect((await send(MIB)).json).toMatchObject({ size: MIB });
  } finally {
    await small.close();
  }
});

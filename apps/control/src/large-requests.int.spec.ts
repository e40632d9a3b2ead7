import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogProjections } from '#catalog/projections';
import { decodeEvent, fold } from '#kernel';
import { domainEvent } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import type { ChangeRequestEvent } from '#release-control/domain/change-request/events';
import { releasePolicyStream } from '#release-control/domain/release-policy/release-policy';
import { PolicyDocumentProjection } from '#release-control/policy-document/policy-document-projection';
import { fleetProjections } from '#fleet/projections';
import { releaseControlProjections } from '#release-control/projections';
import { openPolicy, policyKeyName } from '#release-control/published';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import type { CapturePort } from '#release-control/reactors/capture-submitted-change/capture-port';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { ProjectorOnDemand } from '#test/support/project';
import { noteSigner, signNote } from '#tlog';

const ORIGIN = 'site.example/log';
const policyKey = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 1));
const ARCHITECTURES = ['amd64', 'arm64'];

/** Has every revision of everything, for two architectures. */
const catalog: CapturePort = {
  capture: ({ format, name, channel, version }) =>
    Promise.resolve(
      ARCHITECTURES.map((architecture) => ({
        target: { format, subject: `id-of-${name}`, channel, architecture },
        name,
        version,
        manifest: Number(version).toString(16).padStart(64, '0'),
      })),
    ),
  // As much as there is room for, of every version.
  compare: (_format, _before, _after, room) =>
    Promise.resolve({ lines: [{ what: 'all', old: null, new: 'x'.repeat(room - 40) }], marks: [] }),
  mayMean: (_format, asked, channel) => asked === channel,
  identify: (format, name) => Promise.resolve({ format, subject: `id-of-${name}` }),
};

let control: ControlUnderTest;
let client: pg.Client;
let projector: ProjectorOnDemand;
let ana: string;
let ben: string;
/** The positions of the documents that were signed for the ring. */
const signed: string[] = [];

beforeAll(async () => {
  control = await ControlUnderTest.start();
  const admin = await control.admin();
  await control.enrol(admin, 'ana', ['author']);
  await control.enrol(admin, 'ben', ['approver']);
  [ana, ben] = [await control.signIn('ana'), await control.signIn('ben')];
  client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  const policies = new PolicyDocumentProjection({
    origin: ORIGIN,
    sign: (text) => {
      signed.push(text.split('\n')[2] ?? '');
      return signNote(text, [policyKey]);
    },
    rootAt: (position) => Buffer.from(`root at ${position}`).toString('base64'),
    history: control.adapters.store,
  });
  projector = await ProjectorOnDemand.start(client, control.adapters.store, [
    ...catalogProjections(),
    ...releaseControlProjections(),
    ...fleetProjections(),
    policies,
  ]);
});
afterAll(async () => {
  await client.end();
  await control.stop();
});

const item = (i: number, revision: number | null = 1) => {
  return { snap: `a-snap-whose-name-is-not-short-${i}`, channel: 'latest/stable', revision };
};
const items = (count: number, revision: number | null = 1) =>
  Array.from({ length: count }, (_, i) => item(i, revision));
const draft = (asked: readonly unknown[]) =>
  control.ask('POST', '/v1/change-requests', { token: ana, body: { items: asked, reason: REASON } });

async function appends() {
  const all = [];
  for await (const append of control.adapters.store.readAll(null)) all.push(append);
  return all;
}

const ports = () => ({ writer: control.adapters.streams, clock: control.clock });

/** What the worker does about all that has happened. */
async function work(reactor: ReturnType<typeof captureReactor>): Promise<void> {
  for (const { events } of await appends())
    for (const { bytes } of events) await reactor.handle({ envelope: decodeEvent(bytes) });
}

/** From the draft until it is approved; the worker has not applied it yet. */
async function approved(asked: readonly unknown[]): Promise<string> {
  const id = String((await draft(asked)).json['id']);
  await work(captureReactor({ ...ports(), capture: catalog }));
  await projector.catchUp();
  const { json } = await control.ask('GET', `/v1/change-requests/${id}`, { token: ben });
  const body = { recordDigest: json['recordDigest'], password: PASSWORD, reason: REASON };
  const answer = await control.ask('POST', `/v1/change-requests/${id}/approve`, { token: ben, body });
  if (answer.status !== 200) throw new Error(answer.text);
  return id;
}

/** What others see before something happens, while it does, and when it has. */
async function seenDuring<Seen>(
  look: () => Promise<Seen>,
  happen: () => Promise<unknown>,
): Promise<ReadonlySet<Seen>> {
  const seen = new Set([await look()]);
  let done = false;
  const happening = happen().finally(() => {
    done = true;
  });
  do seen.add(await look());
  while (!done);
  await happening;
  return seen.add(await look());
}

async function count(reader: pg.Client, sql: string): Promise<number> {
  const { rows } = await reader.query<{ n: number }>(`select (${sql})::integer as n`);
  return rows[0]?.n ?? -1;
}

describe('a request for a whole ring', () => {
  it('is drafted by one append, whose parts are one fact', async () => {
    const branch = `latest/stable/${'fix-'.repeat(16)}`;
    const asked = items(2_000).map((each) => ({ ...each, channel: branch }));
    expect(JSON.stringify(asked).length).toBeGreaterThan(256 * 1024);
    const answer = await draft(asked);
    expect(answer).toMatchObject({ status: 202, json: { status: 'submitted' } });
    const stream = changeRequestStream(String(answer.json['id']));
    const mine = (await appends()).filter((append) => append.stream === stream);
    expect(mine).toHaveLength(1);
    const history = await control.history(stream);
    expect(history.length).toBeGreaterThan(2);
    const events = history.map((envelope) => domainEvent<ChangeRequestEvent>(changeRequest, envelope));
    expect(events.map((_, i) => fold(changeRequest, events.slice(0, i + 1)).status)).toEqual([
      ...events.slice(2).map(() => 'none'),
      'drafted',
      'submitted',
    ]);
    await projector.catchUp();
    const { json } = await control.ask('GET', `/v1/change-requests/${String(answer.json['id'])}`, {
      token: ana,
    });
    expect(json['items']).toHaveLength(2_000);
    expect(json['history']).toMatchObject([{ type: 'ChangeDrafted' }, { type: 'ChangeSubmitted' }]);
    await control.ask('POST', `/v1/change-requests/${String(answer.json['id'])}/withdraw`, {
      token: ana,
      body: { reason: REASON },
    });
  });

  it('is previewed, and asked for by a token in the old form', async () => {
    const preview = { token: ana, body: { items: items(2_000) } };
    const { status, json } = await control.ask('POST', '/v1/override-previews', preview);
    expect([status, (json['lines'] as unknown[]).length]).toEqual([200, 2_000]);
    const made = await control.ask('POST', '/v1/tokens', {
      token: ana,
      body: {
        name: 'whole-ring',
        standingReason: REASON,
        rings: ['default'],
        password: PASSWORD,
        reason: REASON,
      },
    });
    const body = items(2_000, null).map(({ snap, channel, revision }) => {
      return { snap_name: snap, channel, revision, series: '16' };
    });
    const token = String(made.json['token']);
    expect((await control.ask('POST', '/v2/metadata/overrides', { token, body })).status).toBe(202);
  });

  it('is refused where it has more items, or more bytes, than one takes', async () => {
    expect(await draft(items(2_001))).toMatchObject({
      status: 400,
      json: { code: 'invalid-request', errors: [{ pointer: '/items' }] },
    });
    const body = { items: [item(1)], reason: { ...REASON, text: 'x'.repeat(1_100_000) } };
    const answer = await control.ask('POST', '/v1/change-requests', { token: ana, body });
    expect(answer).toMatchObject({ status: 413, json: { code: 'body-too-large' } });
  });

  it('is applied by one append: whoever looks sees all of it, or nothing', async () => {
    const id = await approved(items(300));
    const store = new pg.Client({ connectionString: control.database.url('control') });
    const proxy = new pg.Client({ connectionString: control.database.url('proxy') });
    await Promise.all([store.connect(), proxy.connect()]);
    try {
      const policy = releasePolicyStream('default');
      const inStore = () => count(store, `select count(*) from events.event where stream = '${policy}'`);
      expect(await seenDuring(inStore, () => work(applyReactor(ports())))).toEqual(new Set([0, 600]));
      expect((await appends()).filter(({ stream }) => stream === policy)).toMatchObject([
        { events: { length: 600 } },
      ]);

      const before = signed.length;
      const entries = async () => {
        const { rows } = await proxy.query<{ document: Buffer; note: string }>(
          `select document, note from read.policy_document_v1 where ring = 'default'`,
        );
        const [row] = rows;
        const expected = { vkey: policyKey.vkey, origin: ORIGIN, ring: 'default' };
        return row ? openPolicy(row, expected).entries.length : 0;
      };
      const held = () => count(store, 'select count(*) from read.override_v1 where to_position is null');
      const looks = async () => `${await entries()} ${await held()} ${await entries()}`;
      const seen = await seenDuring(looks, () => projector.catchUp());
      expect(seen).toContain('0 0 0');
      expect(seen).toContain('600 600 600');
      // The looks of one line are one after the other: the change may come between them.
      expect([...seen].every((line) => /^(0 )*0?(600 ?)*$/.test(line))).toBe(true);
      expect(signed.length - before).toBe(1);
    } finally {
      await Promise.all([store.end(), proxy.end()]);
    }
    const { json } = await control.ask('GET', `/v1/change-requests/${id}`, { token: ana });
    expect(json).toMatchObject({ status: 'effective' });
    const differences = await control.ask('GET', `/v1/change-requests/${id}/differences`, { token: ben });
    expect(differences.json).toMatchObject({
      ring: 'default',
      recordDigest: json['recordDigest'],
      countedAt: control.clock.now(),
      devices: 0,
      held: [],
      heldCount: 0,
    });
    const targets = differences.json['targets'] as object[];
    expect(targets).toHaveLength(600);
    expect(targets[0]).toMatchObject({
      old: null,
      new: '1',
      difference: { lines: [{ what: 'all', new: expect.stringMatching(/^x{2626}$/) as string }] },
      installed: [],
    });
    expect(json['changes']).toHaveLength(600);
    expect((json['history'] as { type: string }[]).map(({ type }) => type)).toEqual([
      'ChangeDrafted',
      'ChangeSubmitted',
      'ArtefactsCaptured',
      'ChangeApproved',
      'ChangeStarted',
      'ChangeApplied',
    ]);
  });
});

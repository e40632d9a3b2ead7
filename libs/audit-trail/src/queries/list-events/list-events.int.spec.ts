import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  canonicalBytes,
  decodeEvent,
  sha256Hex,
  type JsonObject,
  uuidv7,
  type EventEnvelope,
  type PersonActor,
} from '#kernel';
import { ControlUnderTest, type Answer } from '#test/support/control-under-test';
import { emptyReadModels, projectInto } from '#test/support/read-models';
import { auditTrailProjection } from '../../projections/audit-trail/projection.js';
import type { AuditedEvent } from './query.js';

const ann: PersonActor = {
  kind: 'person',
  id: 'p-ann',
  name: 'Ann Author',
  roles: ['author'],
  auth: 'session',
};
const worker = { kind: 'service', id: 'worker', for: 'change-request/CR-2026-1' } as const;

function event(i: number, changes: Partial<EventEnvelope>): EventEnvelope {
  return {
    id: uuidv7(),
    type: 'Noted',
    v: 1,
    stream: 'note/1',
    streamRevision: String(i),
    part: [1, 1],
    at: `2026-11-2${i}T12:00:00.000Z`,
    zone: 'Europe/Zurich',
    offset: '+01:00',
    actor: ann,
    authorisedBy: [],
    reason: { code: 'routine', text: 'because it was due' },
    cause: 'c',
    correlation: 'r',
    data: { i },
    ...changes,
  };
}

const HISTORY: readonly EventEnvelope[] = [
  event(0, {}),
  event(1, { actor: worker, type: 'OverrideSet' }),
  event(2, { stream: 'note/2', reason: { code: 'security-fix', text: 'a NUL \u0000 in it', ticket: 'T-1' } }),
  event(3, { type: 'LaterEvent', v: 99, data: { unheard: '\u0000' } }),
  event(4, { actor: worker }),
];

/** Not by encodeEvent, which refuses U+0000: whatever stands in a history is shown. */
const bytesOf = (envelope: EventEnvelope) => canonicalBytes(envelope as unknown as JsonObject);

describe('GET /v1/audit', () => {
  let control: ControlUnderTest;
  let token: string;

  beforeAll(async () => {
    control = await ControlUnderTest.start();
    token = await control.admin();
    const client = new pg.Client({ connectionString: control.database.url('projector') });
    await client.connect();
    await emptyReadModels(client, [auditTrailProjection]);
    const positioned = HISTORY.map((envelope, i) => ({
      position: BigInt(i),
      envelope: decodeEvent(bytesOf(envelope)),
      bytes: bytesOf(envelope),
    }));
    await projectInto(client, [auditTrailProjection], positioned.slice(0, 2));
    await projectInto(client, [auditTrailProjection], positioned.slice(2));
    await client.end();
  });
  afterAll(() => control.stop());

  const ask = (query: string): Promise<Answer> => control.ask('GET', `/v1/audit?${query}`, { token });

  async function positions(query: string): Promise<string[]> {
    const { json } = await ask(query);
    return (json['events'] as AuditedEvent[]).map(({ position }) => position);
  }

  it('R03: gives each event as it was written, with its position and the digest of its bytes', async () => {
    const { status, json } = await ask('');
    expect(status).toBe(200);
    expect(json).toEqual({
      events: HISTORY.map((envelope, i) => ({
        ...envelope,
        position: String(i),
        sha256: sha256Hex(bytesOf(envelope)),
      })),
      next: null,
    });
  });

  it.each([
    ['actor=p-ann', ['0', '2', '3']],
    ['actor=Ann%20Author', ['0', '2', '3']],
    ['actor=worker', ['1', '4']],
    ['type=LaterEvent', ['3']],
    ['stream=note/2', ['2']],
    ['reason=security-fix', ['2']],
    ['text=A%20nul', ['2']],
    ['text=was%20due&actor=worker', ['1', '4']],
    ['text=%25', []],
    ['ticket=T-1', ['2']],
    ['ticket=T', []],
    ['ticket=T-1%22', []],
    ['order=newest', ['4', '3', '2', '1', '0']],
    ['order=newest&after=3&limit=2', ['2', '1']],
    ['order=newest&type=Noted&text=because', ['4', '0']],
    ['from=2026-11-22T12:00:00Z', ['2', '3', '4']],
    ['to=2026-11-22T12:00:00Z', ['0', '1']],
    ['from=2026-11-22T13:00:00%2B01:00&to=2026-11-24T12:00:00Z', ['2', '3']],
    ['actor=p-ann&type=Noted&after=0', ['2']],
    ['actor=nobody', []],
    ["stream=note/2'%20or%20true%20--", []],
  ])('R08: with %s answers %j', async (query, expected) => {
    expect(await positions(query)).toEqual(expected);
  });

  it('is read page by page, and says where the next begins', async () => {
    const pages: string[][] = [];
    let next: string | null = '';
    while (next !== null) {
      const { json }: Answer = await ask(`limit=2${next === '' ? '' : `&after=${next}`}`);
      pages.push((json['events'] as AuditedEvent[]).map(({ position }) => position));
      next = json['next'] as string | null;
    }
    expect(pages).toEqual([['0', '1'], ['2', '3'], ['4']]);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=many',
    'after=-1',
    'after=x',
    'from=yesterday',
    'to=2026-02-30T00:00:00Z',
    'order=sideways',
    'text=',
    'ticket=a%0Ab',
    'unknown=1',
  ])('refuses %s', async (query) => {
    expect(await ask(query)).toMatchObject({ status: 400, json: { code: 'invalid-request' } });
  });

  it('is not for strangers', async () => {
    expect((await control.ask('GET', '/v1/audit')).status).toBe(401);
  });
});

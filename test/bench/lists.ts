import pg from 'pg';
import { adapters, closeAdapters } from '#apps/control/src/adapters';
import { createControl } from '#apps/control/src/control';
import { openApiDocument } from '#apps/control/src/openapi/document';
import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { fleetProjections } from '#fleet/projections';
import { identityProjections } from '#identity/projections';
import { releaseControlProjections } from '#release-control/projections';
import { reviewsProjections } from '#reviews/projections';
import { encodeEvent, systemClock, uuidv7, type EventEnvelope, type JsonValue } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { enrolFirstAdmin } from '#identity/commissioning';
import { USUAL_CREDENTIAL_RULES } from '#identity/credentials/credential-rules';
import { createLogger } from '#platform/logging/logger';
import type { PositionedEvent, Projection } from '#platform/projection';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import type { ChangeRequestEvent } from '#release-control/domain/change-request/events';
import { emptyReadModels, projectInto } from '../support/read-models.js';
import { BenchDatabase } from './bench-database.js';
import { rounded, type Bench, type Measured } from './bench.js';

const REQUESTS = 10_000;
const EVENTS_EACH = 10;
const BATCH = 1_000;
/** Pages of each list: from its beginning on, and with each filter that finds something. */
const PAGES = 40;
const PASSWORD = 'correct horse battery staple';

export const listsBench: Bench = {
  name: 'lists',
  about: `Each list of the REST API, page after page, with ${REQUESTS} change requests of ${EVENTS_EACH} events each in the read models.`,
  marks: [{ figure: 'p95_ms', atMost: 50 }],
  run,
};

async function run(say: (line: string) => void): Promise<Measured> {
  const database = await BenchDatabase.start();
  const projector = new pg.Client({ connectionString: database.url('projector') });
  const settings = { databaseUrl: database.url('control'), zone: 'Europe/Zurich', ...USUAL_CREDENTIAL_RULES };
  const store = new PostgresEventStore(settings.databaseUrl);
  const made = adapters(settings, database.key, store);
  const logger = createLogger('control', 'silent');
  const site = { origin: 'site.example', evaluationDatabase: true, eventStore: 'postgresql' } as const;
  const app = await createControl(made, { ...site, relyingParty: undefined }, logger);
  try {
    const first = await enrolFirstAdmin(made.streams, made.credentials, systemClock);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    const ask = async (method: 'GET' | 'POST', url: string, body?: object, token?: string) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const answer = await app.inject({ method, url, headers, ...(body ? { payload: body } : {}) });
      if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
      return answer.body === '' ? {} : (JSON.parse(answer.body) as Readonly<Record<string, unknown>>);
    };
    await ask('POST', '/v1/passwords', { login: 'admin', secret: first?.secret, password: PASSWORD });
    const session = await ask('POST', '/v1/sessions', { login: 'admin', password: PASSWORD });
    await projector.connect();
    await fill(projector, say);
    const rows: (readonly [string, number, number])[] = [];
    for (const list of await lists()) {
      const times: number[] = [];
      let after = '';
      for (let page = 0; page < PAGES; page++) {
        const began = performance.now();
        const { next } = await ask('GET', `${list}${after}`, undefined, String(session['token']));
        times.push(performance.now() - began);
        after = typeof next === 'string' ? `after=${next}` : '';
      }
      const sorted = times.toSorted((a, b) => a - b);
      const [middle = 0, p95 = 0] = [sorted[PAGES / 2], sorted[Math.floor(PAGES * 0.95)]];
      rows.push([list, rounded(middle), rounded(p95)]);
    }
    const worst = Math.max(...rows.map(([, , p95]) => p95));
    return { table: [['list', 'median ms', 'p95 ms'], ...rows], figures: { p95_ms: worst } };
  } finally {
    await app.close();
    await closeAdapters(made);
    await projector.end();
    await database.stop();
  }
}

/** Every list that has pages, and the filters of those that grow with the requests. */
async function lists(): Promise<readonly string[]> {
  const { paths } = await openApiDocument();
  const paged = Object.entries(paths).flatMap(([path, { get }]) => {
    const names = (get?.parameters ?? []).map((each) => ('name' in each ? each.name : ''));
    // The copy of all of the record has no pages: it streams.
    const isList = names.includes('after') && path !== '/v1/audit/export';
    return isList && !path.includes('{') ? [path] : [];
  });
  return paged
    .flatMap((path) => [`${path}?${path === '/v1/deliveries' ? 'snap=lab-hello&revision=1&' : ''}`])
    .concat(
      ['captured', 'approved', 'rejected'].map((status) => `/v1/change-requests?status=${status}&`),
      ['actor=Ana', 'type=ChangeApproved', 'stream=change-request/CR-2026-5000', 'reason=security-fix'].map(
        (filter) => `/v1/audit?${filter}&`,
      ),
      '/v1/audit?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z&',
    );
}

/** All that control shows. */
const READ_MODELS: readonly Projection[] = [
  ...identityProjections(),
  ...catalogProjections(),
  ...fleetProjections(),
  ...releaseControlProjections(),
  ...auditTrailProjections(),
  ...reviewsProjections(),
];

/** Makes read models, with so many requests in them. @returns how many events they are of @param projector connected with that role */
export async function fill(
  projector: pg.Client,
  say: (line: string) => void,
  requests = REQUESTS,
  projections = READ_MODELS,
): Promise<number> {
  await emptyReadModels(projector, projections);
  let batch: PositionedEvent[] = [];
  let position = 0n;
  for (let i = 1; i <= requests; i++) {
    for (const envelope of request(i))
      batch.push({ position: position++, envelope, bytes: encodeEvent(envelope) });
    if (batch.length < BATCH && i < requests) continue;
    await projectInto(projector, projections, batch);
    batch = [];
  }
  await projector.query('analyze');
  say(`${requests} requests with ${position} events in the read models`);
  return Number(position);
}

const item = { format: 'snap', name: 'lab-hello', channel: 'latest/stable', version: '1' } as const;

/** Handed in four times; then most are approved, some wait, some are rejected. */
function request(i: number): EventEnvelope[] {
  const id = `CR-2026-${String(i).padStart(4, '0')}`;
  const at = new Date(Date.parse('2026-11-22T00:00:00Z') + i * 8_000).toISOString();
  const author = { id: 'id-of-Ana', name: 'Ana' };
  const reason = { code: i % 3 === 0 ? 'security-fix' : 'routine', text: 'as the nightly tests passed' };
  const target = {
    format: 'snap',
    subject: 'id-of-lab-hello',
    channel: 'latest/stable',
    architecture: 'amd64',
  };
  const change = { target, name: 'lab-hello', old: null, new: { version: '1', manifest: 'a'.repeat(64) } };
  const recordDigest = 'd'.repeat(64);
  const failures = [{ item, code: 'unreachable', message: 'upstream cannot be reached' }] as const;
  const events: ChangeRequestEvent[] = [
    { type: 'ChangeDrafted', data: { id, ring: 'default', author, reason, items: [item] } },
  ];
  for (const submission of [1, 2, 3]) {
    events.push({ type: 'ChangeSubmitted', data: { submission, at } });
    events.push({ type: 'CaptureRefused', data: { submission, failures } });
  }
  events.push({ type: 'ChangeSubmitted', data: { submission: 4, at } });
  events.push({ type: 'ArtefactsCaptured', data: { submission: 4, changes: [change], recordDigest } });
  const signed = { signer: 'id-of-Ben', printedName: 'Ben', signedAt: at, components: ['password'] } as const;
  const signature = { ...signed, credential: uuidv7(), recordDigest };
  const under = { policyVersion: 0, roles: ['approver'], notCounted: [] };
  if (i % 10 === 0)
    events.push({
      type: 'ChangeRejected',
      data: { signature: { ...signature, meaning: 'rejected' }, ...under },
    });
  else if (i % 10 > 1)
    events.push({
      type: 'ChangeApproved',
      data: { signature: { ...signature, meaning: 'approved' }, ...under },
    });
  return events.map((event, n) => ({
    id: uuidv7(),
    type: event.type,
    v: changeRequest.versions[event.type],
    stream: changeRequestStream(id),
    streamRevision: String(n),
    part: [1, 1],
    at,
    zone: 'Europe/Zurich',
    offset: '+01:00',
    actor: { kind: 'person', ...author, roles: ['author'], auth: 'session' },
    authorisedBy: [],
    reason,
    cause: uuidv7(),
    correlation: uuidv7(),
    data: event.data as unknown as JsonValue,
  }));
}

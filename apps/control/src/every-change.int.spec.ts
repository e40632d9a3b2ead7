import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OLD_LOOKING, zoneOffset, type Actor, type EventEnvelope } from '#kernel';
import { kindOf, REPLAYED_KINDS } from '#apps/host/src/events-verify/replayed-kinds';
import { verifyHistory } from '#apps/host/src/events-verify/verify-history';
import { withClient } from '#platform/database/with-client';
import { ControlUnderTest, type Answer } from '#test/support/control-under-test';
import { textOfDatabase } from '#test/support/text-of-database';
import { SIGN_ON_REDIRECT } from '#test/support/sign-on-page';
import { SmallIdentityProvider } from '#test/support/small-identity-provider';
import { readWhole } from '#test/support/whole-history';
import { SUCCESSES, type Success } from './testing/every-change.js';
import { mutatingRoutes, type MutatingRoute } from './testing/mutating-routes.js';
import { Stage } from './testing/stage.js';
import { WHO_AUTHORISED } from './testing/who-authorised.js';

/** What changes nothing that anybody decides by, and so is no event. */
const NO_EVENT: readonly string[] = [
  // It asks what a change would do.
  'POST /v1/override-previews',
  // What a security key signs: it counts once an answer to it does.
  'POST /v1/me/security-key-challenges',
  'POST /v1/sessions/security-key-challenges',
  'POST /v1/change-requests/{id}/security-key-challenges',
  'POST /v1/reviews/{id}/security-key-challenges',
  // Where to sign in, and what came of it: it counts once it is given for something.
  'POST /v1/sessions/single-sign-on/requests',
  'POST /v1/me/single-sign-on/requests',
  'POST /v1/single-sign-on/answers',
  'POST /v1/sessions/single-sign-on/security-key-challenges',
  // The same session, in another place of its person's.
  'POST /v1/sessions/current/hand-over',
  'POST /v1/sessions/handed-over',
  // Every few seconds, of every node: when one was heard of last is no fact of the site; that it fell silent is.
  'POST /v1/node-heartbeats',
];

/** What is shown is not kept: it is asked for, and recorded, each time. */
const SHOWS_SECRETS = 'POST /v1/settings/reveal';
/** Asked again, who asks is not signed in any more. */
const ENDS_SESSION = 'DELETE /v1/sessions/current';
/** Of these routes a key is remembered: whoever asks is known, and something is decided. */
const isRemembered = (name: string, { ofSomebody }: MutatingRoute) =>
  ofSomebody && name !== ENDS_SESSION && !NO_EVENT.includes(name);

const routes = await mutatingRoutes();
const named = ({ method, path }: MutatingRoute) => `${method} ${path}`;

/** What the owner does so that nothing can be recorded, and takes back. */
const WITHOUT_TRAIL = 'alter table events.event rename to taken_away';
const WITH_TRAIL = 'alter table events.taken_away rename to event';

let provider: SmallIdentityProvider;
let stage: Stage;
/** On the same database: what the first one answered is not in its memory. */
let other: ControlUnderTest;

beforeAll(async () => {
  provider = await SmallIdentityProvider.start(() => Date.parse(stage.control.clock.now()), SIGN_ON_REDIRECT);
  stage = await Stage.set(await ControlUnderTest.start({ signOn: provider.settings }), provider);
  other = await stage.control.another();
});
afterAll(async () => {
  await other?.stop();
  await stage?.end();
  await provider?.stop();
});

it('says of every route that may change something how it succeeds', () => {
  expect(Object.keys(SUCCESSES).sort()).toEqual(routes.map(named).sort());
});

describe.each(routes)('$method $path', (route) => {
  const name = named(route);
  const key = randomUUID();
  let success: Success;
  let answer: Answer;
  /** Of a database that has no table of events, if the route is on record: what was answered, and what is in all other tables. */
  let withoutTrail: { readonly answer: Answer; readonly was: string; readonly is: string } | undefined;
  /** Events before, and after. */
  let before: number;
  let after: number;
  /** The server's clock when it was asked. */
  let asked: string;

  const count = async () => (await readWhole(stage.control.adapters.store)).length;
  const ask = (control: ControlUnderTest, more: { url?: string } = {}, idempotencyKey: string = key) =>
    control.ask(route.method, more.url ?? success.url, {
      ...success,
      ...more,
      headers: { ...success.headers, 'idempotency-key': `"${idempotencyKey}"` },
    });

  /** When the one before was. A change may take another day: what comes after it is not later for that. */
  let at: string;

  async function askWithoutTrail(): Promise<typeof withoutTrail> {
    const { ownerUrl } = stage.control.database;
    // That control is there, and by which read models, it says every minute, whatever it is asked.
    const facts = async () =>
      (await textOfDatabase(ownerUrl)).replaceAll(/^readers\.announcement .*\n/gm, '');
    const asOwner = (statement: string) => withClient(ownerUrl, (client) => client.query(statement));
    await asOwner(WITHOUT_TRAIL);
    try {
      const was = await facts();
      const refusal = await ask(stage.control, {}, randomUUID());
      return { answer: refusal, was, is: await facts() };
    } finally {
      await asOwner(WITH_TRAIL);
    }
  }

  beforeAll(async () => {
    at = stage.control.clock.now();
    success = (await SUCCESSES[name]?.(stage)) ?? { url: '' };
    before = await count();
    withoutTrail = NO_EVENT.includes(name) ? undefined : await askWithoutTrail();
    asked = stage.control.clock.now();
    answer = await ask(stage.control);
    after = await count();
    if (answer.status >= 300) throw new Error(`${name} did not succeed: ${answer.text}`);
  });
  afterAll(() => stage.backTo(at));

  it('R01: is on record when it succeeds', () => {
    expect(after > before).toBe(!NO_EVENT.includes(name));
  });

  if (NO_EVENT.includes(name)) return;

  it('R06: is of the time of the server, whatever times were sent', async () => {
    const added = (await readWhole(stage.control.adapters.store)).slice(before, after);
    expect(added.map(({ envelope }) => envelope.at)).toEqual(added.map(() => asked));
  });

  it('R05: is refused where nothing can be recorded, and leaves nothing', () => {
    expect(withoutTrail?.answer.status).toBeGreaterThanOrEqual(500);
    expect(withoutTrail?.is).toBe(withoutTrail?.was);
  });

  if (!isRemembered(name, route)) return;

  it('answers the same when it is asked again with its key, and adds nothing', async () => {
    const again = await ask(other);
    const known = (each: Answer) => [each.status, each.text, each.headers['location']];
    const lost = [409, again.text, undefined];
    expect(known(again)).toEqual(name === SHOWS_SECRETS ? lost : known(answer));
    expect(again.json['code'] ?? again.headers['idempotency-replayed']).toBe(
      name === SHOWS_SECRETS ? 'answer-lost' : 'true',
    );
    expect(await count()).toBe(after);
  });

  it('is refused with the key of another request', async () => {
    // What a file is, its address says.
    const changed = Buffer.isBuffer(success.body)
      ? { url: `${success.url}2` }
      : { body: { ...(success.body as object), another: 'member' } };
    const reused = { status: 422, code: 'idempotency-key-reused' };
    expect((await ask(other, changed)).json).toMatchObject(reused);
    expect(await count()).toBe(after);
  });

  it('is not done again when its answer was lost, nor answered with anything else', async () => {
    // As when the server died before it had kept its answer.
    await withClient(stage.control.database.ownerUrl, (client) =>
      client.query('update requests.taken set answer = null'),
    );
    const { status, json } = await ask(other);
    // Where a request is found by what it asks for, nothing was appended now.
    const known = { cursor: expect.toBeOneOf([answer.json['cursor'], null]) as unknown };
    const allowed = [
      [answer.status, 'cursor' in answer.json ? { ...answer.json, ...known } : answer.json],
      [409, expect.objectContaining({ code: 'answer-lost' })],
    ];
    expect(allowed).toContainEqual([status, json]);
    expect(await count()).toBe(after);
  });
});

describe('the history of all of these', () => {
  let history: readonly EventEnvelope[];
  beforeAll(async () => {
    history = (await readWhole(stage.control.adapters.store)).map(({ envelope }) => envelope);
  });

  it('R03: states each old value as it was before', async () => {
    const { contradictions, stating } = await verifyHistory(stage.control.adapters.store);
    expect(contradictions).toEqual([]);
    expect(stating).toBeGreaterThan(80n);
  });

  it('R03: has no old value that nobody compares', () => {
    const silent = history.filter(({ stream, type }) => kindOf(stream).says[type] === 'nothing');
    const looking = silent.filter(({ data }) => membersIn(data).some((name) => isOldLooking(name)));
    expect([...new Set(looking.map(({ type }) => type))]).toEqual([]);
  });

  it('R03: says of each event who with which roles, when and where, and why', () => {
    for (const { type, at, zone, offset, actor, reason, cause, correlation } of history) {
      const said = { type, at, offset, cause: cause !== '', correlation: correlation !== '' };
      const when = { at: new Date(at).toISOString(), offset: zoneOffset(at, zone) };
      expect(said).toEqual({ type, ...when, cause: true, correlation: true });
      expect([type, reason.code, reason.text]).not.toContain('');
      expect([type, nameless(actor)]).toEqual([type, []]);
    }
  });

  it('R03: says who authorised it, or why nobody had to, of every type of event', () => {
    const types = WHO_AUTHORISED.flatMap((each) => each.types);
    expect(types.toSorted()).toEqual([
      ...new Set(REPLAYED_KINDS.flatMap(({ says }) => Object.keys(says)).sort()),
    ]);
    const unsaid = history.filter(
      (envelope) => !WHO_AUTHORISED.find(({ types: of }) => of.includes(envelope.type))?.isSaid(envelope),
    );
    expect(unsaid.map(({ type, actor, authorisedBy }) => ({ type, actor, authorisedBy }))).toEqual([]);
  });

  it('R03: names as authorising only what was recorded before', () => {
    const before = new Set<string>();
    for (const { id, type, authorisedBy } of history) {
      expect([type, authorisedBy.filter((each) => !before.has(each))]).toEqual([type, []]);
      before.add(id);
    }
  });
});

/** Names of members, at whatever depth. */
function membersIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(membersIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...membersIn(member)]);
}

function isOldLooking(name: string): boolean {
  return (OLD_LOOKING as readonly string[]).includes(name);
}

/** What is missing of who acted. Who has no role yet acts for themself alone. */
function nameless(actor: Actor): readonly string[] {
  const [id, name, roles] =
    actor.kind === 'service'
      ? [actor.id, actor.for, []]
      : actor.kind === 'token'
        ? [actor.owner.id, actor.owner.name, actor.owner.roles]
        : [actor.id, actor.name, actor.roles];
  const missing = { id: id === '', name: name === '', roles: !Array.isArray(roles) };
  return Object.entries(missing).flatMap(([what, isMissing]) => (isMissing ? [what] : []));
}

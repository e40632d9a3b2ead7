import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { later, type EventEnvelope } from '#kernel';
import { lookAtReviews } from '#reviews/reactors/look-at-reviews';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { ledgerOfEvents, verifySignatures } from '#test/support/ledger-of-events';
import { readWhole } from '#test/support/whole-history';
import {
  digestToSign,
  linesOf,
  openReview,
  showReview,
  VERIFIED_HISTORY,
} from './testing/changes-of-reviews.js';
import { enrolled } from './testing/changes-of-security-keys.js';
import { Stage } from './testing/stage.js';

let stage: Stage;
let root: string;

/** A site in which a change took effect, somebody could not sign in, and a ring was halted. Zoe and yan are QA, and did nothing else. */
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'holdfast-reviews-'));
  stage = await Stage.set(await ControlUnderTest.start());
  await stage.enrol('zoe', ['qa']);
  await stage.enrol('yan', ['qa']);
  await stage.effective();
  await stage.post('olga', '/v1/rings/default/halt', { reason: REASON });
  const { token } = await stage.apiToken();
  const items = [{ snap: 'lab-tool', channel: 'latest/stable', revision: 2 }];
  const submitted = await stage.control.ask('POST', '/v1/token-submissions', { token, body: { items } });
  if (submitted.status >= 300) throw new Error(submitted.text);
  await stage.projector.catchUp();
});
afterAll(async () => {
  await stage.end();
  await rm(root, { recursive: true, force: true });
});

const ask = (login: string, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer> =>
  stage.control.ask(method, url, { token: stage.token(login), ...(body === undefined ? {} : { body }) });
const sign = async (login: string, id: string): Promise<Answer> => {
  const recordDigest = await digestToSign(stage, id);
  return ask(login, 'POST', `/v1/reviews/${id}/sign`, { recordDigest, password: PASSWORD, reason: REASON });
};
const due = async (login: string) => {
  const { json } = await ask(login, 'GET', '/v1/due-reviews');
  return json['kinds'] as readonly { readonly kind: string; readonly waiting: readonly object[] }[];
};
const pass = (ms: number) => stage.control.clock.set(later(stage.control.clock.now(), ms));
const whole = () => readWhole(stage.control.adapters.store);
const last = async (id: string): Promise<EventEnvelope | undefined> =>
  (await stage.control.history(`review/${id}`)).at(-1);

describe('an access review', () => {
  it('R28: lists somebody', async () => {
    const body = { asOf: '1990-01-01T00:00:00Z', reason: REASON };
    const answer = await ask('zoe', 'POST', '/v1/reviews/access', body);
    expect(answer.json).toMatchObject({ status: 422, code: 'nothing-to-review' });
  });

  it('R28: lists who holds which right in which ring, and tokens, as they were at a time', async () => {
    const before = stage.control.clock.now();
    pass(60_000);
    await stage.enrol('late', ['approver']);
    const { view } = await openReview(stage, 'zoe', 'access', { asOf: before });
    const lines = linesOf(view);
    expect(lines).toContainEqual(
      expect.objectContaining({ of: 'right', login: 'cyd', role: 'qa', ring: null }) as object,
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ of: 'token', login: 'ana', rings: ['default'] }) as object,
    );
    expect(lines.filter(({ login }) => login === 'late')).toEqual([]);
  });

  it('R28, R17: is signed by two of QA, so that nobody signs off their own rights alone', async () => {
    const { id, view } = await openReview(stage, 'zoe', 'access', {});
    const numbers = linesOf(view).map(({ login, of }, i) => ({ login, of, line: i + 1 }));
    const keep = (mine: boolean) =>
      numbers
        .filter(({ login }) => (login === 'zoe') === mine)
        .map(({ line, of }) => ({ line, decision: of === 'token' ? 'revoke' : 'keep' }));
    const url = `/v1/reviews/${id}/decisions`;
    const own = await ask('zoe', 'POST', url, { decisions: keep(true), reason: REASON });
    expect(own.json).toMatchObject({ status: 403, code: 'own-line' });
    expect((await sign('zoe', id)).json).toMatchObject({ code: 'undecided-lines' });
    await stage.post('zoe', url, { decisions: keep(false), reason: REASON });
    await stage.post('yan', url, { decisions: keep(true), reason: REASON });
    expect((await sign('olga', id)).json).toMatchObject({ status: 403, code: 'not-a-reviewer' });
    expect((await sign('zoe', id)).json).toMatchObject({ status: 'open' });
    expect((await showReview(stage, id))['missing']).toEqual([
      expect.stringMatching(/^a signature of somebody else for lines \d+$/),
    ]);
    const access = (await due('yan')).find(({ kind }) => kind === 'access');
    expect(access?.waiting).toContainEqual(expect.objectContaining({ id, asksYou: true }));
    expect((await sign('yan', id)).json).toMatchObject({ status: 'completed' });
    const shown = await showReview(stage, id);
    expect(shown).toMatchObject({
      status: 'completed',
      signatures: [
        { printedName: 'zoe of the team', meaning: 'reviewed', counts: true },
        { printedName: 'yan of the team', meaning: 'reviewed', counts: true },
      ],
    });
    const { line } = numbers.find(({ of }) => of === 'token') ?? {};
    expect(shown['stillHeld']).toEqual([line]);
  });

  it('R28: is of somebody, and of a later time than the last one', async () => {
    const open = (asOf: string) => ask('zoe', 'POST', '/v1/reviews/access', { asOf, reason: REASON });
    const { asOf } = await scopeOf('AR-0002');
    expect((await open(String(asOf))).json).toMatchObject({ status: 400, code: 'invalid-period' });
    expect((await open('1990-01-01T00:00:00Z')).json).toMatchObject({ status: 400, code: 'invalid-period' });
  });
});

describe('a review of rights that are not read up to the end of the trail', () => {
  it.each(['people', 'tokens'])('R28: is not opened while the read model %s is behind', async (name) => {
    await stage.projector.catchUp();
    pass(1_000);
    const projector = new pg.Client({ connectionString: stage.control.database.url('projector') });
    await projector.connect();
    const move = (by: number) =>
      projector.query(
        'update read.projection_checkpoint set next_position = next_position + $2 where name = $1',
        [name, by],
      );
    const open = () => ask('zoe', 'POST', '/v1/reviews/access', { reason: REASON });
    await move(-1);
    const behind = await open();
    await move(1);
    await projector.end();
    expect(behind.json).toMatchObject({ status: 503, code: 'not-yet-projected' });
    expect((await open()).json).toMatchObject({ status: 'open' });
  });
});

describe('a periodic review', () => {
  it('R36: says how the first one says since when its period is', async () => {
    const answer = await ask('zoe', 'POST', '/v1/reviews/periodic', { reason: REASON });
    expect(answer.json).toMatchObject({ status: 400, code: 'invalid-period' });
    expect(answer.json['detail']).toMatch(/since when the period is with --from \(`from` in a request\)/);
  });

  it('R36: lists changes, halts, people and the rest from the trail, the same each time', async () => {
    const period = { from: '2026-11-01T00:00:00Z', to: stage.control.clock.now() };
    const { id, view } = await openReview(stage, 'zoe', 'periodic', period);
    const lines = linesOf(view);
    const of = (section: string) => lines.filter((line) => line.section === section);
    expect(of('changes')).toMatchObject([
      { type: 'ChangeApplied', about: 'change-request/CR-2026-0001' },
      { type: 'ChangeSubmitted', about: 'change-request/CR-2026-0002' },
    ]);
    expect(of('halts')).toMatchObject([{ type: 'RingHalted', about: 'release-policy/default' }]);
    expect(of('people').length).toBeGreaterThan(5);
    await stage.post('zoe', `/v1/reviews/${id}/withdraw`, { reason: REASON });
    const again = await openReview(stage, 'zoe', 'periodic', period);
    expect(linesOf(again.view)).toEqual(lines);
  });

  it('R36, R17: is signed once it says what the verifier found', async () => {
    const { id } = await openReview(stage, 'cyd', 'periodic', { from: '2026-11-01T00:00:00Z' });
    expect((await sign('cyd', id)).json).toMatchObject({ code: 'verifier-result-missing' });
    await stage.post('cyd', `/v1/reviews/${id}/findings`, { ...VERIFIED_HISTORY, reason: REASON });
    expect((await sign('cyd', id)).json).toMatchObject({ status: 'completed' });
    expect(await last(id)).toMatchObject({
      type: 'ReviewCompleted',
      data: { signature: { meaning: 'reviewed', printedName: 'cyd of the team' } },
    });
    pass(1_000);
    const next = await openReview(stage, 'cyd', 'periodic', {});
    expect(next.view).toMatchObject({
      record: { content: { scope: { from: (await scopeOf(id))['to'] } } },
    });
  });

  it('R36: lists what came into the trail behind the last one, and leaves no time out', async () => {
    await stage.projector.catchUp();
    await stage.post('olga', '/v1/rings/default/halt', { reason: REASON });
    pass(1_000);
    const opened = await stage.post('zoe', '/v1/reviews/periodic', { reason: REASON });
    const id = String(opened.json['id']);
    await stage.post('zoe', `/v1/reviews/${id}/findings`, { ...VERIFIED_HISTORY, reason: REASON });
    expect((await sign('zoe', id)).json).toMatchObject({ status: 'completed' });
    pass(1_000);
    const { view } = await openReview(stage, 'zoe', 'periodic', {});
    const halts = (of: Readonly<Record<string, unknown>>) =>
      linesOf(of).filter(({ section }) => section === 'halts').length;
    expect([halts(await showReview(stage, id)), halts(view)]).toEqual([0, 1]);
    const gap = { from: stage.control.clock.now(), reason: REASON };
    expect((await ask('zoe', 'POST', '/v1/reviews/periodic', gap)).json).toMatchObject({ code: 'trail-gap' });
  });

  it.each([
    [{ to: '2027-01-01T00:00:00Z' }, 'invalid-period'],
    [{ from: '2026-11-03T00:00:00Z', to: '2026-11-02T00:00:00Z' }, 'invalid-period'],
    [{ from: 'yesterday' }, 'invalid-request'],
    [{ from: '0000-01-01T00:00:00+01:00' }, 'invalid-request'],
    [{ to: '9999-12-31T23:59:59-23:59' }, 'invalid-request'],
  ])('refuses the period %j', async (body, code) => {
    const answer = await ask('zoe', 'POST', '/v1/reviews/periodic', { ...body, reason: REASON });
    expect(answer.json).toMatchObject({ status: 400, code });
  });
});

async function scopeOf(id: string): Promise<Readonly<Record<string, unknown>>> {
  const { record } = (await showReview(stage, id)) as {
    readonly record: { readonly content: { readonly scope: Readonly<Record<string, unknown>> } };
  };
  return record.content.scope;
}

/** Whoever acted, by themself or by a token, besides signing in and reviewing the trail: by id. */
function actorsOf(history: readonly { readonly envelope: EventEnvelope }[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { envelope } of history) {
    const { actor, stream } = envelope;
    if (actor.kind === 'service') continue;
    const { id } = actor.kind === 'token' ? actor.owner : actor;
    if (stream === `person/${id}` || /^(?:security-key|review\/TR-)/.test(stream)) continue;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('a review that is signed with a security key', () => {
  it('R17, R19: is verified without Holdfast, from the ledger and from what the command line prints', async () => {
    const login = await stage.somebody('qa');
    const { key } = await enrolled(stage, login);
    const { id } = await openReview(stage, login, 'periodic', { from: '2026-11-01T00:00:00Z' });
    await stage.post(login, `/v1/reviews/${id}/findings`, { ...VERIFIED_HISTORY, reason: REASON });
    const asked = { recordDigest: await digestToSign(stage, id), reason: REASON };
    const challenge = await stage.post(login, `/v1/reviews/${id}/security-key-challenges`, asked);
    expect(challenge.json['statement']).toMatchObject({
      meaning: 'reviewed',
      recordKind: 'review',
      record: id,
      recordDigest: asked.recordDigest,
    });
    const securityKey = key.answer(challenge.json);
    await stage.post(login, `/v1/reviews/${id}/sign`, { ...asked, securityKey, password: PASSWORD });

    const events = (await whole()).map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as object);
    const ledger = await ledgerOfEvents(root, events);
    const good = new RegExp(`^good {5}${id}: reviewed by ${login} of the team at `);
    expect(await verifySignatures(ledger, id)).toEqual({
      code: 0,
      said: expect.stringMatching(good) as string,
    });
    const file = path.join(root, 'review.json');
    const shown = JSON.stringify(await showReview(stage, id));
    await writeFile(file, shown);
    expect(await verifySignatures(file)).toEqual({ code: 0, said: expect.stringMatching(good) as string });
    await writeFile(file, shown.replace('RingHalted', 'RingHolted'));
    expect(await verifySignatures(file)).toEqual({
      code: 1,
      said: expect.stringContaining('the record is not the one that was signed') as string,
    });
  });

  it('R19: is of the record as it was, and void once that is changed', async () => {
    const login = await stage.somebody('qa');
    const { key } = await enrolled(stage, login);
    pass(1_000);
    const { id, view } = await openReview(stage, 'zoe', 'access', {});
    const lines = linesOf(view).map((line, i) => ({ ...line, line: i + 1 }));
    const decide = (who: string, about: boolean, decision: string) => {
      const decisions = lines
        .filter((line) => (line.login === who) === about)
        .map(({ line }) => ({ line, decision }));
      return { decisions, reason: REASON };
    };
    await stage.post('zoe', `/v1/reviews/${id}/decisions`, decide('zoe', false, 'keep'));
    await stage.post(login, `/v1/reviews/${id}/decisions`, decide('zoe', true, 'keep'));
    const asked = { recordDigest: await digestToSign(stage, id), reason: REASON };
    const challenge = await stage.post(login, `/v1/reviews/${id}/security-key-challenges`, asked);
    const securityKey = key.answer(challenge.json);
    const signed = await stage.post(login, `/v1/reviews/${id}/sign`, {
      ...asked,
      securityKey,
      password: PASSWORD,
    });
    expect(signed.json).toMatchObject({ status: 'open' });
    await stage.post(login, `/v1/reviews/${id}/decisions`, decide('zoe', true, 'revoke'));
    const shown = await showReview(stage, id);
    expect(shown['signatures']).toMatchObject([{ printedName: `${login} of the team`, counts: false }]);
    const file = path.join(root, 'void.json');
    await writeFile(file, JSON.stringify(shown));
    expect((await verifySignatures(file)).said).toMatch(/^void .* the record was changed after it/);
    const events = (await whole()).map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as object);
    const { code, said } = await verifySignatures(await ledgerOfEvents(root, events), id);
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(/^good .*; void: the record was changed after it/) as string,
    });
  });
});

describe('a review of the trail', () => {
  let id: string;

  it('R12: is of what there is: not beyond the end of the trail', async () => {
    await stage.projector.catchUp();
    const size = (await whole()).length;
    const beyond = await ask('zoe', 'POST', '/v1/reviews/trail', { to: String(size + 1), reason: REASON });
    expect(beyond.json).toMatchObject({ status: 400, code: 'beyond-the-trail' });
    const late = await ask('zoe', 'POST', '/v1/reviews/trail', { from: '7', reason: REASON });
    expect(late.json).toMatchObject({ status: 409, code: 'trail-gap' });
  });

  it('R12: says what is in the range, by whom, with a digest that anybody can work out', async () => {
    await stage.projector.catchUp();
    const history = await whole();
    const opened = await openReview(stage, 'zoe', 'trail', { to: String(history.length) });
    ({ id } = opened);
    const digests = history.map(({ bytes }) => `${createHash('sha256').update(bytes).digest('hex')}\n`);
    expect(await scopeOf(id)).toEqual({
      from: '0',
      to: String(history.length),
      size: String(history.length),
      digest: createHash('sha256').update(digests.join('')).digest('hex'),
    });
    const lines = linesOf(opened.view);
    const last = history.findLast(({ envelope }) => envelope.stream === 'change-request/CR-2026-0001');
    const through = last?.envelope.streamRevision;
    const events = Number(through) + 1;
    const change = { of: 'change', changeRequest: 'CR-2026-0001', events, through };
    expect(lines.find(({ of }) => of === 'change')).toEqual(change);
    expect(lines.filter(({ of }) => of === 'type').reduce((sum, { events = 0 }) => sum + events, 0)).toBe(
      history.length,
    );
    expect(lines.filter(({ of }) => of === 'actor').map(({ person, events }) => [person, events])).toEqual(
      actorsOf(history),
    );
    const other = await ask('zoe', 'POST', '/v1/reviews/trail', { reason: REASON });
    expect(other.json).toMatchObject({ status: 409, code: 'review-open' });
  });

  it('R13: is not signed by who acted in the range, and that is on record', async () => {
    const refused = await sign('cyd', id);
    expect(refused.json).toMatchObject({ status: 403, code: 'reviewer-acted' });
    expect(await last(id)).toMatchObject({
      type: 'TrailReviewRefused',
      actor: { kind: 'person', name: 'cyd of the team' },
      data: { by: { name: 'cyd of the team' } },
    });
    expect((await due('cyd')).find(({ kind }) => kind === 'trail')?.waiting).toMatchObject([
      { id, asksYou: false },
    ]);
  });

  it('R12, R17: is signed with the meaning that the trail was reviewed, and the next one begins where it ended', async () => {
    const nobody = await stage.somebody('qa');
    expect((await sign(nobody, id)).json).toMatchObject({ status: 'completed' });
    expect(await last(id)).toMatchObject({
      type: 'ReviewCompleted',
      data: { signature: { meaning: 'trail-reviewed', printedName: `${nobody} of the team` } },
    });
    const { to } = await scopeOf(id);
    const gap = await ask('zoe', 'POST', '/v1/reviews/trail', {
      from: String(Number(to) + 1),
      reason: REASON,
    });
    expect(gap.json).toMatchObject({ code: 'trail-gap' });
    const next = await openReview(stage, 'zoe', 'trail', { from: String(to) });
    expect(await scopeOf(next.id)).toMatchObject({ from: to });
    expect((await due('zoe')).find(({ kind }) => kind === 'trail')).toMatchObject({
      last: id,
      reviewedUpTo: to,
      overdue: false,
    });
  });

  it('R12: is listed when it is overdue, and that is an event, once', async () => {
    const { streams, store, clock } = stage.control.adapters;
    const looked = () => lookAtReviews(streams, store, clock, { access: 1, periodic: 1, trail: 1 });
    // What was signed says when the next one is due, whatever the site says since.
    expect(await looked()).toEqual([]);
    pass(31 * 86_400_000);
    expect(await looked()).toEqual(['trail']);
    expect(await looked()).toEqual(['trail']);
    const types = (await stage.control.history(`review/${id}`)).map(({ type }) => type);
    expect(types.filter((type) => type === 'NextReviewOverdue')).toHaveLength(1);
    // Sessions have ended meanwhile.
    const token = await stage.control.signIn('yan');
    const { json } = await stage.control.ask('GET', '/v1/due-reviews', { token });
    expect(json['kinds']).toContainEqual(
      expect.objectContaining({ kind: 'trail', last: id, overdue: true }) as object,
    );
  });
});

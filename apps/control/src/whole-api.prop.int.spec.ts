import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { decodeEvent, type EventEnvelope } from '#kernel';
import type { Cursor } from '#event-store/port';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { leadsTo, settled, type Act, type ModelRequest } from './testing/change-model.js';
import { Stage } from './testing/stage.js';

/** As long as CI gives it; what was not tried by then is tried another time. */
const LIMIT_MS = 25_000;
const PEOPLE = ['ana', 'ben', 'cyd', 'dot', 'eve', 'olga'] as const;
type Login = (typeof PEOPLE)[number];

/** What is wrong with a request, whoever gives it. */
const FLAWS = [
  'none',
  'no reason',
  'wrong session',
  'ended session',
  'wrong password',
  'stale revision',
  'stale digest',
] as const;
type Flaw = (typeof FLAWS)[number];

type Step =
  | { readonly kind: 'draft'; readonly by: Login; readonly submit: boolean; readonly flaw: Flaw }
  | { readonly kind: 'token' }
  | {
      readonly kind: 'act';
      readonly act: Act;
      readonly by: Login;
      readonly which: number;
      readonly flaw: Flaw;
    }
  | { readonly kind: 'worker'; readonly which: number }
  | { readonly kind: 'role'; readonly grant: boolean };

const by = fc.constantFrom(...PEOPLE);
/** Mostly nothing. */
const flaw = fc.oneof({ weight: 6, arbitrary: fc.constant<Flaw>('none') }, fc.constantFrom(...FLAWS));
const which = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('draft'), by, submit: fc.boolean(), flaw }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('token') }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('act'),
      act: fc.constantFrom<Act>('submit', 'withdraw', 'approve', 'reject'),
      by,
      which,
      flaw,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('worker'), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('role'), grant: fc.boolean() }) },
);

let stage: Stage;
let url: string;
let token: string;
/** Of somebody who signed out. */
let ended: string;
/** Of somebody who does nothing but guess: what is counted of them comes into nobody else's record. */
let guesser: string;
let cursor: Cursor | null = null;
const ids = new Map<string, string>();
const roles = new Map<Login, Set<string>>([
  ['ana', new Set(['author'])],
  ['ben', new Set(['approver'])],
  ['cyd', new Set(['qa'])],
  ['dot', new Set(['author', 'approver', 'qa'])],
  ['eve', new Set(['admin'])],
  ['olga', new Set(['operator'])],
]);

beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
  await stage.enrol('dot', ['author', 'approver', 'qa']);
  for (const login of PEOPLE) {
    const { json } = await stage.control.ask('GET', '/v1/me', { token: stage.token(login) });
    ids.set(login, String(json['id']));
  }
  const body = {
    name: 'nightly',
    standingReason: REASON,
    rings: ['default'],
    password: PASSWORD,
    reason: REASON,
  };
  token = String((await stage.post('dot', '/v1/tokens', body)).json['token']);
  guesser = stage.token(await stage.somebody('approver'));
  ended = stage.token(await stage.somebody('author', 'approver'));
  await stage.control.ask('DELETE', '/v1/sessions/current', { token: ended });
  url = await stage.control.listen();
  await added();
});
afterAll(() => stage?.end());

interface Heard {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Over HTTP, as anybody would. */
async function post(path: string, body: object, session: string, headers: object = {}): Promise<Heard> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${session}`, ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Heard['body'] };
}

/** What came into the history since it was asked last. */
async function added(): Promise<readonly EventEnvelope[]> {
  const events: EventEnvelope[] = [];
  for await (const append of stage.control.adapters.store.readAll(cursor)) {
    ({ cursor } = append);
    events.push(...append.events.map(({ bytes }) => decodeEvent(bytes)));
  }
  return events;
}

const given = (login: Login, flaw: Flaw) => {
  if (flaw === 'wrong session') return `${stage.token(login).slice(0, -4)}AAAA`;
  return flaw === 'ended session' ? ended : stage.token(login);
};
const reason = (flaw: Flaw) => (flaw === 'no reason' ? {} : { reason: REASON });

/** What a refusal may leave: nothing, but that somebody gave a wrong password, in their own record. */
async function leavesNothing(flaw: Flaw): Promise<void> {
  const left = (await added()).filter(
    ({ stream }) => flaw !== 'wrong password' || !stream.startsWith('person/'),
  );
  assert.deepEqual(
    left.map(({ type, stream }) => `${type} in ${stream}`),
    [],
  );
}

/** One history of a few requests, by whoever comes. */
class Run {
  private readonly requests: ModelRequest[] = [];
  private number = 0;

  async do(what: Step): Promise<void> {
    switch (what.kind) {
      case 'draft':
        return this.draft(what);
      case 'token':
        return this.token();
      case 'act':
        return this.act(what);
      case 'worker':
        return this.worker(what.which);
      case 'role':
        return this.role(what.grant);
    }
  }

  private async draft({ by: login, submit, flaw: wrong }: Extract<Step, { kind: 'draft' }>): Promise<void> {
    const flawed = ['no reason', 'wrong session', 'ended session', 'stale revision'].includes(wrong);
    const match = wrong === 'stale revision' ? { 'if-match': '"7"' } : {};
    const body = { items: this.items(), submit, ...reason(wrong) };
    const heard = await post('/v1/change-requests', body, given(login, wrong), match);
    if (flawed || !this.rolesOf(login).has('author')) {
      assert.ok(heard.status >= 400, `a flawed draft was taken: ${wrong}`);
      return leavesNothing(wrong);
    }
    assert.equal(heard.status, 202);
    this.requests.push({
      id: String(heard.body['id']),
      author: login,
      status: submit ? 'submitted' : 'drafted',
    });
    assert.equal(new Set((await added()).map(({ stream }) => stream)).size, 1);
  }

  private async token(): Promise<void> {
    const heard = await post('/v1/token-submissions', { items: this.items() }, token);
    assert.equal(heard.status, 202);
    this.requests.push({ id: String(heard.body['id']), author: 'dot', status: 'submitted' });
    await added();
  }

  private async act({
    act,
    by: login,
    which: n,
    flaw: wrong,
  }: Extract<Step, { kind: 'act' }>): Promise<void> {
    const request = this.requests[n % Math.max(this.requests.length, 1)];
    if (!request) return;
    const signs = act === 'approve' || act === 'reject';
    const password = wrong === 'wrong password' ? 'not the password' : PASSWORD;
    const digest = wrong === 'stale digest' ? '0'.repeat(64) : await digestOf(request.id);
    const match = wrong === 'stale revision' ? { 'if-match': '"99"' } : {};
    const body = { ...reason(wrong), ...(signs ? { recordDigest: digest, password } : {}) };
    const path = `/v1/change-requests/${request.id}/${act}`;
    const heard = await post(path, body, wrong === 'wrong password' ? guesser : given(login, wrong), match);
    const ofSigning = ['wrong password', 'stale digest'];
    const flawed = wrong !== 'none' && (signs || !ofSigning.includes(wrong));
    const to =
      flawed || (wrong === 'wrong password' && !signs)
        ? undefined
        : leadsTo(act, request, login, this.rolesOf(login));
    if (to === undefined) {
      assert.ok(heard.status >= 400, `${act} by ${login} was taken, ${request.status}, with ${wrong}`);
      await leavesNothing(wrong);
    } else {
      assert.ok(
        heard.status < 300,
        `${act} by ${login} was refused, ${request.status}: ${JSON.stringify(heard.body)}`,
      );
      request.status = to;
      const events = await added();
      assert.equal(events.filter(({ stream }) => stream === `change-request/${request.id}`).length, 1);
    }
    await this.agrees(request);
  }

  private async worker(n: number): Promise<void> {
    const request = this.requests[n % Math.max(this.requests.length, 1)];
    if (!request) return;
    await stage.settle(request.id);
    await added();
    request.status = settled(request.status);
    await this.agrees(request);
  }

  /** Ben's, in mid-flight. */
  private async role(grant: boolean): Promise<void> {
    const session = stage.token('admin');
    const body = { reason: REASON };
    const held = this.rolesOf('ben');
    if (grant === held.has('approver')) return;
    if (grant) {
      assert.equal((await post('/v1/people/ben/roles', { role: 'approver', ...body }, session)).status, 200);
      held.add('approver');
    } else {
      const asked = { token: session, body };
      assert.equal((await stage.control.ask('DELETE', '/v1/people/ben/roles/approver', asked)).status, 200);
      held.delete('approver');
    }
    await added();
  }

  /** The product is where the model is, and nobody decided on their own work. */
  private async agrees({ id, status, author }: ModelRequest): Promise<void> {
    const history = await stage.control.history(`change-request/${id}`);
    assert.equal(statusIn(history), status, id);
    const signers = history
      .filter(({ type }) => SIGNED.includes(type))
      .map(({ actor }) => 'id' in actor && actor.id);
    assert.ok(!signers.includes(ids.get(author) ?? ''), `${author} decided on ${id}, their own`);
  }

  private rolesOf(login: Login): Set<string> {
    return roles.get(login) ?? new Set();
  }

  private items(): object[] {
    return [{ snap: stage.name('lab-tool'), channel: 'latest/stable', revision: ++this.number }];
  }
}

const SIGNED = ['ApprovalSigned', 'ChangeApproved', 'ChangeRejected'];

/** By the last event that says how it stands. */
const STANDS: Readonly<Record<string, ModelRequest['status']>> = {
  ChangeDrafted: 'drafted',
  ChangeSubmitted: 'submitted',
  ArtefactsCaptured: 'captured',
  ChangeApproved: 'approved',
  ChangeApplied: 'effective',
  ChangeRejected: 'rejected',
  ChangeWithdrawn: 'withdrawn',
};

function statusIn(history: readonly EventEnvelope[]): string {
  const { type = 'nothing' } = history.at(-1) ?? {};
  return STANDS[type] ?? type;
}

async function digestOf(id: string): Promise<string> {
  for (const { type, data } of (await stage.control.history(`change-request/${id}`)).toReversed())
    if (type === 'ArtefactsCaptured')
      return (data as unknown as { readonly recordDigest: string }).recordDigest;
  return '1'.repeat(64);
}

describe('R25, R27: whatever people of whatever roles ask of the API, in whatever order', () => {
  it('R25: no state is reached that the life cycle does not have, nobody decides on their own work, and a refusal leaves nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
        const run = new Run();
        for (const each of steps) await run.do(each);
      }),
      { numRuns: 40, interruptAfterTimeLimit: LIMIT_MS, endOnFailure: true },
    );
  }, 90_000);
});

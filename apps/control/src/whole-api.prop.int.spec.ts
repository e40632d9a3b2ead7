import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { decodeEvent, type EventEnvelope } from '#kernel';
import type { Cursor } from '#event-store/port';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import { releaseRecordOf } from '#release-control/domain/change-request/ratify';
import { releaseDigestOf } from '#release-control/domain/change-request/record';
import { isEmergency } from '#release-control/domain/change-request/state';
import {
  ACTS,
  carryOut,
  isTaken,
  personOf,
  settled,
  SIGNED_ACTS,
  type Act,
  type Doer,
  type ModelRequest,
} from './testing/change-model.js';
import { ON_CALL, PEOPLE, step, type Flaw, type Login, type Step } from './testing/change-steps.js';
import { Stage } from './testing/stage.js';

/** As long as CI gives it; what was not tried by then is tried another time. */
const LIMIT_MS = 20_000;
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
  ['ann', new Set(['author', 'approver', 'qa', 'operator'])],
  ['ben', new Set(['approver'])],
  ['cyd', new Set(['qa'])],
  ['dot', new Set(['author', 'approver', 'qa'])],
  ['eve', new Set(['admin'])],
  ['olga', new Set(['operator'])],
]);

beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
  await stage.enrol('dot', ['author', 'approver', 'qa']);
  await stage.enrol('ann', ['author', 'approver', 'qa', 'operator']);
  await stage.post('admin', '/v1/people/ana/same-person/ann', { reason: REASON });
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
  await preAuthorised();
  ended = stage.token(await stage.somebody('author', 'approver'));
  await stage.control.ask('DELETE', '/v1/sessions/current', { token: ended });
  url = await stage.control.listen();
  await added();
});
afterAll(() => stage?.end());

/** Dot is on call, by the ring's policy. */
async function preAuthorised(): Promise<void> {
  const rules = {
    default: { approvals: 1, roles: { approver: 1 }, order: 'any' },
    emergency: { onCall: [ON_CALL], snaps: 'all', ratifyWithinHours: 12 },
  };
  const items = [{ kind: 'approval-policy', rules }];
  const { json } = await stage.post('ana', '/v1/change-requests', { items, reason: REASON });
  const id = String(json['id']);
  await stage.settle(id);
  const body = { recordDigest: await digestOf(id), password: PASSWORD, reason: REASON };
  await stage.post('ben', `/v1/change-requests/${id}/approve`, body);
  await stage.settle(id);
}

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

/** What leads nowhere, or to the beginning. */
const BACK: readonly Act[] = ['withdraw', 'revise', 'reject', 'recall'];

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

  private async act(what: Extract<Step, { kind: 'act' }>): Promise<void> {
    const request = this.requests[what.which % Math.max(this.requests.length, 1)];
    if (!request) return;
    if (what.apt !== null && what.apt % 2 === 0 && settled(request) !== request.status)
      return this.worker(what.which);
    const { act, by: login } = what.apt === null ? what : (this.apt(request, what.apt) ?? what);
    const { flaw: wrong } = what;
    const signs = SIGNED_ACTS.includes(act);
    const password = wrong === 'wrong password' ? 'not the password' : PASSWORD;
    const ofRelease = act === 'ratify' || act === 'refuse-ratification';
    const digest =
      wrong === 'stale digest'
        ? '0'.repeat(64)
        : await (ofRelease ? releaseDigest(request.id) : digestOf(request.id));
    const match = wrong === 'stale revision' ? { 'if-match': '"99"' } : {};
    const why = act === 'comments' ? {} : reason(wrong);
    const body = { ...why, ...this.bodyOf(act), ...(signs ? { recordDigest: digest, password } : {}) };
    const path = `/v1/change-requests/${request.id}/${act}`;
    const heard = await post(path, body, wrong === 'wrong password' ? guesser : given(login, wrong), match);
    const ofSigning = ['wrong password', 'stale digest'];
    const passed = act === 'comments' && wrong === 'no reason';
    const flawed = wrong !== 'none' && !passed && (signs || !ofSigning.includes(wrong));
    const byGuesser = wrong === 'wrong password' && !signs;
    const doer = this.doer(login);
    if (act === 'comments' && byGuesser) {
      assert.equal(heard.status, 200, 'anybody comments');
      await added();
    } else if (flawed || byGuesser || !isTaken(act, request, doer)) {
      assert.ok(heard.status >= 400, `${act} by ${login} was taken, ${request.status}, with ${wrong}`);
      await leavesNothing(wrong);
    } else {
      assert.ok(
        heard.status < 300,
        `${act} by ${login} was refused, ${request.status}: ${JSON.stringify(heard.body)}`,
      );
      carryOut(act, request, doer);
      const events = await added();
      const theirs = events.filter(({ stream }) => stream === `change-request/${request.id}`);
      assert.equal(theirs.length, act === 'revise' ? 2 : 1);
    }
    await this.agrees(request);
  }

  private doer(login: Login): Doer {
    return { login, onCall: login === ON_CALL, rolesOf: (who) => this.rolesOf(who as Login) };
  }

  /** One of the acts that lead on, and one of those who may. */
  private apt(request: ModelRequest, n: number): { readonly act: Act; readonly by: Login } | undefined {
    const doable = ACTS.filter((act) => act !== 'comments').flatMap((act) => {
      const who = PEOPLE.filter((login) => isTaken(act, request, this.doer(login)));
      const login = who[n % Math.max(who.length, 1)];
      return login ? [{ act, by: login }] : [];
    });
    const onward = doable.filter(({ act }) => !BACK.includes(act));
    const among = n % 4 === 0 || onward.length === 0 ? doable : onward;
    return among[Math.floor(n / 4) % Math.max(among.length, 1)];
  }

  private bodyOf(act: Act): object {
    switch (act) {
      case 'revise':
        return { items: this.items(), submit: true };
      case 'verify':
        return { passed: true, lookedAt: 'devices 1 to 3, per TP-88' };
      case 'comments':
        return { text: 'seen at the board of Friday' };
      case 'submit':
      case 'withdraw':
      case 'approve':
      case 'reject':
      case 'release':
      case 'ratify':
      case 'refuse-ratification':
      case 'recall':
      case 'close':
        return {};
    }
  }

  private async worker(n: number): Promise<void> {
    const request = this.requests[n % Math.max(this.requests.length, 1)];
    if (!request) return;
    await stage.settle(request.id);
    await added();
    request.status = settled(request);
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

  /** The product is where the model is; nobody decided on their own work, nor ratified what they released, nor closed what they verified. */
  private async agrees({ id, status, author, release }: ModelRequest): Promise<void> {
    const history = await stage.control.history(`change-request/${id}`);
    assert.equal(statusIn(history), status, id);
    const person = (id: string) => (id === ids.get('ann') ? (ids.get('ana') ?? '') : id);
    const doersOf = (types: readonly string[]) =>
      history.filter(({ type }) => types.includes(type)).map(({ actor }) => person(actor.id));
    const mine = ids.get(personOf(author)) ?? '';
    assert.ok(!doersOf(DECIDED).includes(mine), `${author} decided on ${id}, their own`);
    const ratified = history.findLast(({ type }) => RATIFICATIONS[type] !== undefined)?.type ?? '';
    assert.equal(RATIFICATIONS[ratified] ?? 'open', release?.ratification ?? 'open', id);
    const releaser = release && ids.get(personOf(release.by));
    assert.ok(
      releaser === undefined || !doersOf(JUDGED).includes(releaser),
      `${release?.by} judged ${id}, which they released`,
    );
    const [verifier] = doersOf(['ChangeVerified']);
    assert.ok(
      verifier === undefined || !doersOf(['ChangeClosed']).includes(verifier),
      `${id} was closed alone`,
    );
  }

  private rolesOf(login: Login): Set<string> {
    return roles.get(login) ?? new Set();
  }

  private items(): object[] {
    return [{ snap: stage.name('lab-tool'), channel: 'latest/stable', revision: ++this.number }];
  }
}

/** What no author does with their own request. */
const DECIDED = [
  'ChangeReviewed',
  'ApprovalSigned',
  'ChangeApproved',
  'ChangeRejected',
  'RatificationSigned',
  'EmergencyRatified',
  'RatificationRefused',
  'ChangeVerified',
  'ChangeClosed',
];
/** What nobody does with what they released. */
const JUDGED = DECIDED.slice(DECIDED.indexOf('RatificationSigned'));

/** By the last event that says how it stands. */
const STANDS: Readonly<Record<string, ModelRequest['status']>> = {
  ChangeDrafted: 'drafted',
  ChangeRevised: 'drafted',
  ChangeSubmitted: 'submitted',
  ArtefactsCaptured: 'captured',
  ChangeApproved: 'approved',
  EmergencyReleased: 'released',
  ChangeApplied: 'effective',
  ChangeBecameStale: 'stale',
  ChangeVerified: 'verified',
  ChangeClosed: 'closed',
  ChangeRejected: 'rejected',
  ChangeWithdrawn: 'withdrawn',
  ChangeRecalled: 'recalled',
};

/** How a ratification stands, which goes on beside the status. */
const RATIFICATIONS: Readonly<Record<string, 'open' | 'ratified' | 'refused'>> = {
  RatificationSigned: 'open',
  EmergencyRatified: 'ratified',
  RatificationRefused: 'refused',
};
const BESIDE = new Set(['ChangeCommented', 'ChangeStarted', ...Object.keys(RATIFICATIONS)]);

function statusIn(history: readonly EventEnvelope[]): string {
  const { type = 'nothing' } = history.findLast((event) => !BESIDE.has(event.type)) ?? {};
  return STANDS[type] ?? type;
}

/** What a ratification is bound to; of what was not released, anything. */
async function releaseDigest(id: string): Promise<string> {
  const { state } = await stage.control.adapters.streams.load(changeRequest, changeRequestStream(id));
  return isEmergency(state) ? releaseDigestOf(releaseRecordOf(state)) : '1'.repeat(64);
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
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40, size: 'max' }), async (steps) => {
        const run = new Run();
        for (const each of steps) await run.do(each);
      }),
      { numRuns: 40, interruptAfterTimeLimit: LIMIT_MS, endOnFailure: true },
    );
  }, 90_000);
});

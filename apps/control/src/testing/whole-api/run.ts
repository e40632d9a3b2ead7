import assert from 'node:assert/strict';
import type { EventEnvelope } from '#kernel';
import { aimed } from './aimed.js';
import { carryOut, submit } from './carry-out.js';
import { Commands } from './commands.js';
import type { Ground, Heard, LiveSite } from './live-site.js';
import { ROLES, TOKEN_OWNER, type Login } from './people.js';
import type { Reached } from './reached.js';
import { assertOthersDecided, personsWhoApproved, ratificationIn, statusIn } from './recorded.js';
import { routesOf } from './routes.js';
import { isIdle, isSupersedable, isTaken, SIGNED_ACTS, type Act } from './rules.js';
import {
  FLAWS_OF_SESSIONS,
  FLAWS_OF_SIGNING,
  GUESSES,
  ROLES_THAT_MOVE,
  type Flaw,
  type Step,
} from './steps.js';
import { settle } from './worker.js';
import { ANY_TIME, sameRules, World, type Ask, type ModelRequest } from './world.js';

type Draft = Extract<Step, { kind: 'draft' }>;
type Try = Extract<Step, { kind: 'act' }>;

const recall = (which: number): Try => {
  const aim = { at: 'nothing', n: 0 } as const;
  const asks = { what: 'override', window: ANY_TIME } as const;
  return { kind: 'act', act: 'recall', by: 'olga', to: 'ana', asks, which, flaw: null, aim };
};

/** One history of a few requests, by whoever comes: each command is given to the product, and the model says what has to come of it. */
export class Run {
  private readonly world: World;
  private readonly commands: Commands;

  constructor(
    private readonly site: LiveSite,
    private readonly ground: Ground,
    private readonly reached: Reached,
  ) {
    this.world = new World(ground.rules);
    this.commands = new Commands(site, ground, this.world);
  }

  async do(what: Step): Promise<void> {
    switch (what.kind) {
      case 'draft':
        return this.draft(what);
      case 'token':
        return this.token(what.asks);
      case 'act':
        return this.act(what);
      case 'worker':
        return this.worker();
      case 'clock':
        return this.clock(what.hours);
      case 'halt':
        return this.halt(what);
      case 'role':
        return this.role(what.which);
      case 'leave':
        return this.leave();
    }
  }

  /** What is left is worked off, and whoever looks sees each request as it is. The next run finds people as this one found them, or others. */
  async end(): Promise<void> {
    await this.worker();
    await this.recallAll();
    const shown = await this.site.shown(this.world.requests.map(({ id }) => id));
    for (const { id, status } of this.world.requests) assert.equal(shown.get(id), status, id);
    for (const { login, role } of ROLES_THAT_MOVE)
      if (this.world.rolesOf(login).has(role) !== ROLES[login].some((each) => each === role))
        await this.site.moveRole(login, role, this.world.rolesOf(login).has(role));
    const { rules, halts, bobLeft, requests } = this.world;
    const isOpen = requests.some(({ release }) => release && release.ratification !== 'ratified');
    if (!bobLeft && !isOpen && halts.length === 0 && sameRules(rules, this.ground.rules))
      this.site.giveBack(this.ground);
  }

  /** What would begin in the middle of another history. */
  private async recallAll(): Promise<void> {
    for (const [which, { status }] of this.world.requests.entries())
      if (status === 'rolling-out' || status === 'scheduled') await this.act(recall(which));
  }

  private async draft(what: Draft): Promise<void> {
    const { by, asks } = what;
    const { requests } = this.world;
    const flaw = what.flaw !== null && FLAWS_OF_SIGNING.includes(what.flaw) ? null : what.flaw;
    const supersedes =
      what.supersedes === null ? undefined : requests[what.supersedes % Math.max(requests.length, 1)];
    const isOfRevisions = asks.what === 'override' || asks.what === 'absent';
    const plan = what.plan === null || !isOfRevisions ? undefined : { waitsFor: what.plan };
    const heard = await this.commands.draft(what, { supersedes, plan, flaw });
    const may = this.world.rolesOf(by).has('author') && (!supersedes || isSupersedable(supersedes));
    if (flaw !== null || !may) return this.refused(heard, flaw, `draft by ${by}`);
    assert.equal(heard.status, 202, JSON.stringify(heard.body));
    this.know({ ...this.drafted(heard, by, asks), supersedes, plan }, what.submit);
    assert.equal(new Set((await this.site.added()).map(({ stream }) => stream)).size, 1);
  }

  private async token(asks: Ask): Promise<void> {
    const heard = await this.commands.submitForToken(asks);
    assert.equal(heard.status, 202, JSON.stringify(heard.body));
    this.know(this.drafted(heard, TOKEN_OWNER, asks), true);
    await this.site.added();
  }

  private drafted({ body }: Heard, author: Login, asks: Ask): ModelRequest {
    const window = this.world.windowFrom(asks.window);
    const none = { earlierAuthors: [], signatures: [], verifiedBy: [] };
    return { id: String(body['id']), author, asks, window, status: 'drafted', ...none };
  }

  private know(request: ModelRequest, submitted: boolean): void {
    if (submitted) submit(this.world, request);
    this.world.requests.push(request);
    this.reached.note(`status ${request.status}`);
  }

  private async act(what: Try): Promise<void> {
    const { requests, unseen } = this.world;
    if (what.aim.at === 'taken' && what.aim.n % 3 === 0 && unseen.length > 0) return this.worker();
    const drawn = requests[what.which % Math.max(requests.length, 1)];
    const { request, doing } = aimed(this.world, what.aim, what.which) ?? { request: drawn, doing: what };
    if (!request) return;
    const { act, by } = doing;
    const flaw = what.aim.at === 'refused' ? null : this.flawOf(act, what.flaw);
    if (flaw === null)
      for (const route of routesOf(this.world, request, doing)) this.reached.note(`route ${route}`);
    const heard = await this.commands.act(request, doing, { asks: what.asks, flaw });
    const said = `${act} by ${by}, who is given ${flaw ?? 'nothing wrong'}, of ${request.id}, ${request.status}`;
    if (flaw !== null || !isTaken(this.world, request, doing)) {
      await this.refused(heard, flaw, said);
    } else {
      assert.ok(heard.status < 300, `${said} was refused: ${JSON.stringify(heard.body)}`);
      const idle = isIdle(request, doing);
      carryOut(this.world, request, doing, what.asks);
      const theirs = (await this.site.added()).filter(
        ({ stream }) => stream === `change-request/${request.id}`,
      );
      assert.equal(theirs.length, idle ? 0 : act === 'revise' ? 2 : 1, said);
      this.reached.note(`${idle ? 'idle ' : ''}${act}`);
      if (act === 'approve' && request.status === 'approved') await this.byEnough(request);
    }
    await this.agrees(request);
  }

  /** What a command has nothing of cannot be wrong with it. */
  private flawOf(act: Act, flaw: Flaw | null): Flaw | null {
    if (flaw === null || (flaw === 'no reason' && act === 'comments')) return null;
    return FLAWS_OF_SIGNING.includes(flaw) && !SIGNED_ACTS.includes(act) ? null : flaw;
  }

  /** A refusal leaves nothing, but that somebody gave a wrong password, or proved who they are, in their own record. */
  private async refused(heard: Heard, flaw: Flaw | null, said: string): Promise<void> {
    assert.ok(heard.status >= 400 && heard.status < 500, `${said} came to ${heard.status}`);
    const code = String(heard.body['code']);
    if (flaw !== null && FLAWS_OF_SESSIONS.includes(flaw)) assert.equal(heard.status, 401, said);
    const counted = flaw !== null && GUESSES.includes(flaw);
    const ofTheirs = ({ stream, type }: EventEnvelope) =>
      stream.startsWith('person/') && (counted || type === 'PersonReauthenticated');
    const left = (await this.site.added()).filter((event) => !ofTheirs(event));
    assert.deepEqual(
      left.map(({ type, stream }) => `${type} in ${stream}`),
      [],
      said,
    );
    this.reached.note(flaw === null ? `refused ${code}` : `flaw ${flaw}`);
  }

  private async worker(): Promise<void> {
    const released = this.world.requests.filter(({ release }) => release !== undefined);
    await this.site.work(released.map(({ id }) => id));
    await this.site.added();
    settle(this.world);
    for (const request of this.world.requests) await this.agrees(request);
  }

  /** By one operator, at once. */
  private async halt({ by, flaw: given }: Extract<Step, { kind: 'halt' }>): Promise<void> {
    const flaw = given === 'no reason' || (given && FLAWS_OF_SESSIONS.includes(given)) ? given : null;
    const heard = await this.commands.halt(by, flaw);
    if (flaw !== null || !this.world.rolesOf(by).has('operator'))
      return this.refused(heard, flaw, `halt by ${by}`);
    assert.equal(heard.status, 200, JSON.stringify(heard.body));
    assert.equal((await this.site.added()).length, 1);
    this.world.halts = [...this.world.halts, { concerns: [] }];
    this.reached.note('halt');
  }

  private async clock(hours: number): Promise<void> {
    this.site.pass(hours);
    this.world.now += hours;
  }

  /** In mid-flight. */
  private async role(which: number): Promise<void> {
    const { login, role } = ROLES_THAT_MOVE[which % ROLES_THAT_MOVE.length] ?? ROLES_THAT_MOVE[0];
    const roles = this.world.rolesOf(login);
    await this.site.moveRole(login, role, roles.has(role));
    if (!roles.delete(role)) roles.add(role);
  }

  private async leave(): Promise<void> {
    if (this.world.bobLeft) return;
    await this.site.disable(this.ground.bob);
    this.world.bobLeft = true;
  }

  private async byEnough({ id }: ModelRequest): Promise<void> {
    const persons = personsWhoApproved(await this.site.history(id), this.site.person);
    assert.ok(persons.size >= this.world.rules.approvals, `${id} was approved by ${[...persons].join()}`);
  }

  /** The product is where the model is, and nobody decided on what is theirs. */
  private async agrees({ id, status, release }: ModelRequest): Promise<void> {
    const history = await this.site.history(id);
    assert.equal(statusIn(history), status, id);
    assert.equal(ratificationIn(history), release?.ratification ?? 'open', id);
    assertOthersDecided(history, this.site.person);
    this.reached.note(`status ${status}`);
  }
}

import type { EventEnvelope } from '#kernel';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import { releaseRecordOf } from '#release-control/domain/change-request/ratify';
import { releaseDigestOf } from '#release-control/domain/change-request/record';
import { isEmergency } from '#release-control/domain/change-request/state';
import { Stage } from '../stage.js';
import { rulesOf } from './bodies.js';
import { LiveWorker } from './live-worker.js';
import { NewEvents } from './new-events.js';
import { PEOPLE, personOf, ROLES, TOKEN_OWNER, type Login, type Role } from './people.js';
import { digestsIn } from './recorded.js';
import { GUESSES, type Flaw } from './steps.js';
import { sameRules, type Rules } from './world.js';

export interface Heard {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a run is played on; one that was left as it was found serves the next run, too. */
export interface Ground {
  readonly ring: string;
  readonly rules: Rules;
  /** The login of bob here. */
  readonly bob: string;
  readonly token: string;
}

/** That comes after each other: a site has a hundred at most. */
export const SECOND_RING = 'second';

/** Hours: less than those after which a session is over that nobody uses, and how often they pass until every session is over. */
const BETWEEN_USES = 0.4;
const USES = 21;
/** Of who guesses. */
export const OTHER_PASSWORD = 'another horse battery staple';

/** Control, reached over HTTP as anybody would, with people who are signed in, and its worker. */
export class LiveSite {
  private url = '';
  private readonly ids = new Map<string, Login>();
  /** Sessions that were used until their time was over, and others that were not used. */
  private readonly expired = new Map<string, string>();
  private readonly unused = new Map<string, string>();
  /** The last session of who was disabled, who does not sign in any more. */
  private readonly left = new Map<string, string>();
  private ended = '';
  /** Somebody with every right who does nothing but guess: what is counted of them comes into nobody else's record. */
  private guesser = '';
  private grounds: readonly Ground[] = [];
  private readonly unseen: NewEvents;
  private readonly worker: LiveWorker;

  private constructor(private readonly stage: Stage) {
    this.unseen = new NewEvents(stage.control.adapters.store);
    this.worker = new LiveWorker(stage.control.adapters);
  }

  static async open(): Promise<LiveSite> {
    const stage = await Stage.set(await ControlUnderTest.start());
    await stage.enrol('dot', ROLES.dot);
    await stage.enrol('ann', ROLES.ann);
    const site = new LiveSite(stage);
    site.url = await stage.control.listen();
    await site.done('admin', '/v1/people/ana/same-person/ann', {});
    for (const login of PEOPLE) if (login !== 'bob') await site.know(login, login);
    await site.done('olga', '/v1/rings', { name: SECOND_RING });
    await site.letSessionsEnd();
    return site;
  }

  async end(): Promise<void> {
    await this.stage.end();
  }

  /** By the id of an account, the person; of an account that nobody here has, the id. */
  readonly person = (id: string): string => {
    const login = this.ids.get(id);
    return login ? personOf(login) : id;
  };

  /** A ring with these rules, somebody who may leave, and a token for that ring. */
  async prepared(rules: Rules): Promise<Ground> {
    const kept = this.grounds.find((each) => sameRules(each.rules, rules));
    this.grounds = this.grounds.filter((each) => each !== kept);
    if (kept) return kept;
    await this.session('admin');
    const bob = await this.stage.somebody(...ROLES.bob);
    await this.know('bob', bob);
    await this.done('admin', `/v1/people/ben/same-person/${bob}`, {});
    const ring = this.stage.name('ring');
    await this.done('olga', '/v1/rings', { name: ring, before: SECOND_RING });
    const items = [{ kind: 'approval-policy', rules: rulesOf(rules) }];
    const id = String((await this.done('ana', '/v1/change-requests', { ring, items }))['id']);
    await this.work();
    const [recordDigest] = digestsIn(await this.history(id));
    await this.done('ben', `/v1/change-requests/${id}/approve`, {
      recordDigest,
      login: 'ben',
      password: PASSWORD,
    });
    await this.work();
    const own = { login: TOKEN_OWNER, password: PASSWORD };
    const asked = { name: ring, standingReason: REASON, rings: [ring], ...own };
    const token = String((await this.done(TOKEN_OWNER, '/v1/tokens', asked))['token']);
    await this.stage.projector.catchUp();
    await this.added();
    return { ring, rules, bob, token };
  }

  /** It is as it was found: the next run has it, too. */
  giveBack(ground: Ground): void {
    this.grounds = [...this.grounds, ground];
  }

  /** The name of a snap that no request was of. */
  snap(): string {
    return this.stage.name('lab-tool');
  }

  async post(path: string, body: object, session: string, headers: object = {}): Promise<Heard> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${session}`, ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Heard['body'] };
  }

  /** What is given for a session. What came about before, and what it took to have one, is not of the command's doing. */
  async given(ground: Ground, login: string, flaw: Flaw | null): Promise<string> {
    const given = await this.sessionOf(ground, login, flaw);
    await this.added();
    return given;
  }

  /** In mid-flight. */
  async moveRole(login: string, role: Role, held: boolean): Promise<void> {
    const token = await this.session('admin');
    const url = `/v1/people/${login}/roles`;
    const { status, text } = held
      ? await this.stage.control.ask('DELETE', `${url}/${role}`, { token, body: { reason: REASON } })
      : await this.stage.control.ask('POST', url, { token, body: { role, reason: REASON } });
    if (status >= 300) throw new Error(`${url}: ${status} ${text}`);
    await this.added();
  }

  /** For good. */
  async disable(login: string): Promise<void> {
    this.left.set(login, await this.session(login));
    await this.done('eve', `/v1/people/${login}/disable`, {});
    await this.added();
  }

  /** RFC 3339. */
  now(): string {
    return this.stage.control.clock.now();
  }

  /** The server's clock goes on, and whoever wants to do something signs in again. */
  pass(hours: number): void {
    const { control, sessions } = this.stage;
    control.clock.set(new Date(Date.parse(control.clock.now()) + hours * 3_600_000).toISOString());
    sessions.clear();
  }

  /** What came into the history since it was asked last. */
  added(): Promise<readonly EventEnvelope[]> {
    return this.unseen.next();
  }

  history(id: string): Promise<EventEnvelope[]> {
    return this.stage.control.history(changeRequestStream(id));
  }

  /** What a ratification is bound to; of what was not released, anything. */
  async releaseDigest(id: string): Promise<string> {
    const { state } = await this.stage.control.adapters.streams.load(changeRequest, changeRequestStream(id));
    return isEmergency(state) ? releaseDigestOf(releaseRecordOf(state)) : '1'.repeat(64);
  }

  work(released: readonly string[] = []): Promise<void> {
    return this.worker.work(released);
  }

  /** The projector does, and people look. @returns by id, how each request stands */
  async shown(ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    await this.stage.projector.catchUp();
    const token = await this.session('ana');
    const shown = new Map<string, unknown>();
    for (const id of ids) {
      const { json } = await this.stage.control.ask('GET', `/v1/change-requests/${id}`, { token });
      shown.set(id, json['status']);
    }
    return shown;
  }

  /** What succeeds. */
  private async done(login: string, path: string, body: object): Promise<Heard['body']> {
    const heard = await this.post(path, { ...body, reason: REASON }, await this.session(login));
    if (heard.status >= 300) throw new Error(`${path}: ${heard.status} ${JSON.stringify(heard.body)}`);
    return heard.body;
  }

  private async sessionOf({ token }: Ground, login: string, flaw: Flaw | null): Promise<string> {
    if (flaw === 'ended session') return this.ended;
    if (flaw === 'expired session') return this.expired.get(login) ?? this.expired.get('ana') ?? '';
    if (flaw === 'unused session') return this.unused.get(login) ?? this.unused.get('ana') ?? '';
    if (flaw === 'token for a session') return token;
    const isGuess = flaw !== null && GUESSES.includes(flaw);
    const session = await this.session(isGuess ? this.guesser : login);
    return flaw === 'mangled session' ? `${session.slice(0, -4)}AAAA` : session;
  }

  private async session(login: string): Promise<string> {
    const password = login === this.guesser ? OTHER_PASSWORD : PASSWORD;
    const { sessions, control } = this.stage;
    const session = this.left.get(login) ?? sessions.get(login) ?? (await control.signIn(login, password));
    sessions.set(login, session);
    return session;
  }

  /** One session is signed out of; of the others the time passes, and what nobody used is tried once: that it is over is recorded then. */
  private async letSessionsEnd(): Promise<void> {
    const { control, sessions } = this.stage;
    this.guesser = await this.stage.somebody('author', 'approver', 'qa');
    const body = { login: this.guesser, password: PASSWORD, newPassword: OTHER_PASSWORD };
    await control.ask('POST', '/v1/passwords/change', { body });
    this.ended = this.stage.token(await this.stage.somebody('author', 'approver'));
    await control.ask('DELETE', '/v1/sessions/current', { token: this.ended });
    for (const [login, session] of sessions) this.unused.set(login, session);
    for (const login of PEOPLE) if (login !== 'bob') this.expired.set(login, await control.signIn(login));
    const use = (session: string) => control.ask('GET', '/v1/me', { token: session });
    for (let n = 0; n < USES; n++) {
      for (const session of this.expired.values()) await use(session);
      this.pass(BETWEEN_USES);
    }
    for (const session of this.unused.values()) await use(session);
    await this.added();
  }

  private async know(login: Login, account: string): Promise<void> {
    const token = await this.session(account);
    const { json } = await this.stage.control.ask('GET', '/v1/me', { token });
    this.ids.set(String(json['id']), login);
  }
}

import pg from 'pg';
import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { fleetProjections } from '#fleet/projections';
import { identityProjections } from '#identity/projections';
import type { Role } from '#identity/published';
import type { PositionedEvent } from '#platform/projection';
import type { ReactorEvent } from '#platform/reactor';
import { releaseControlProjections } from '#release-control/projections';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import { keepSchedule } from '#release-control/reactors/keep-schedule';
import { supersedeReactor } from '#release-control/reactors/supersede-change/reactor';
import { noteDueReactor } from '#release-control/reactors/note-due-changes/reactor';
import { reviewsProjections } from '#reviews/projections';
import { CONTROL_URL, ControlUnderTest, PASSWORD, REASON, type Answer } from './control-under-test.js';
import { everyRevision } from './every-revision.js';
import { emptyReadModels, projectInto } from './read-models.js';
import { TestSecurityKey } from './security-key.js';
import { readWhole } from './whole-history.js';

const projections = [
  ...identityProjections(),
  ...catalogProjections(),
  ...releaseControlProjections(),
  ...fleetProjections(),
  ...reviewsProjections(),
];
/** Of what is in the history itself. */
const trail = auditTrailProjections();

interface Handler {
  handle(event: Pick<ReactorEvent, 'envelope'>): Promise<void>;
}

interface Signed {
  readonly meaning: string;
  readonly recordDigest: unknown;
}

/** Control with people, and what worker and projector do with what has happened, once it is asked for. */
export class ChangeDesk {
  /** The position of the first event that is not in the read models. */
  private next = 0n;
  private handled = 0;
  private readonly reactors: readonly Handler[];

  private constructor(
    readonly control: ControlUnderTest,
    private readonly projector: pg.Client,
    private readonly sessions: Map<string, string>,
  ) {
    const { streams: writer, clock } = control.adapters;
    this.reactors = [
      captureReactor({ writer, clock, capture: everyRevision }),
      applyReactor({ writer, clock }),
      noteDueReactor({ writer, clock }),
      supersedeReactor({ writer, clock }),
    ];
  }

  static async open(
    people: Readonly<Record<string, readonly Role[]>>,
    more?: Parameters<typeof ControlUnderTest.start>[0],
  ): Promise<ChangeDesk> {
    const control = await ControlUnderTest.start(more);
    const admin = await control.admin();
    const sessions = new Map([['admin', admin]]);
    for (const [login, roles] of Object.entries(people)) {
      await control.enrol(admin, login, roles);
      sessions.set(login, await control.signIn(login));
    }
    const projector = new pg.Client({ connectionString: control.database.url('projector') });
    await projector.connect();
    await emptyReadModels(projector, [...projections, ...trail]);
    const desk = new ChangeDesk(control, projector, sessions);
    await desk.catchUp();
    return desk;
  }

  async close(): Promise<void> {
    await this.projector.end();
    await this.control.stop();
  }

  /** What the worker and the projector do with what has happened. */
  async catchUp(): Promise<void> {
    for (;;) {
      const events = (await this.history()).slice(this.handled);
      if (events.length === 0) break;
      for (const { envelope } of events)
        for (const reactor of this.reactors) await reactor.handle({ envelope });
      this.handled += events.length;
    }
    const events = await this.history();
    await projectInto(this.projector, [...projections, ...trail], events.slice(Number(this.next)));
    this.next = BigInt(events.length);
  }

  /** The server's clock stands at another time, and the worker looks at it. */
  async at(time: string): Promise<void> {
    const { streams: writer, store, clock } = this.control.adapters;
    this.control.clock.set(time);
    // Those of before may have ended by now.
    this.sessions.clear();
    await keepSchedule({ writer, store, clock });
    await this.catchUp();
  }

  /** What is recorded elsewhere, as if it had been in the history. */
  async project(...events: readonly PositionedEvent[]): Promise<void> {
    for (const event of events)
      await projectInto(this.projector, projections, [{ ...event, position: this.next }]);
  }

  async post(login: string, path: string, body: object): Promise<Answer> {
    const token = await this.sessionOf(login);
    const answer = await this.control.ask('POST', path, { token, body: { reason: REASON, ...body } });
    await this.catchUp();
    return answer;
  }

  async get(login: string, path: string): Promise<Answer> {
    return this.control.ask('GET', path, { token: await this.sessionOf(login) });
  }

  /** @returns the request's id */
  async submit(login: string, body: object): Promise<string> {
    const answer = await this.post(login, '/v1/change-requests', body);
    if (answer.status !== 202) throw new Error(`${answer.status}: ${answer.text}`);
    return String(answer.json['id']);
  }

  async show(id: string, login = 'ana'): Promise<Answer['json']> {
    return (await this.get(login, `/v1/change-requests/${id}`)).json;
  }

  async sign(login: string, id: string, decision: 'approve' | 'reject' = 'approve'): Promise<Answer> {
    const { recordDigest } = await this.show(id);
    return this.act(login, id, decision, { recordDigest, password: PASSWORD });
  }

  /** Somebody's new security key. */
  async enrolKey(login: string): Promise<TestSecurityKey> {
    const key = new TestSecurityKey(CONTROL_URL);
    const asked = { name: 'blue one', password: PASSWORD };
    const { options } = (await this.post(login, '/v1/me/security-keys', asked)).json;
    const enrolled = { token: await this.sessionOf(login), body: key.register(options) };
    const answer = await this.control.ask('POST', '/v1/me/security-keys/confirm', enrolled);
    if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.text}`);
    return key;
  }

  /** What is sent with a signature by password and key: the answer to a challenge for that signature. */
  async withKey(key: TestSecurityKey, login: string, id: string, signed: Signed): Promise<object> {
    const { json } = await this.act(login, id, 'security-key-challenges', signed);
    return { recordDigest: signed.recordDigest, password: PASSWORD, securityKey: key.answer(json) };
  }

  /** Something that is done with a request. */
  async act(login: string, id: string, verb: string, body: object = {}): Promise<Answer> {
    return this.post(login, `/v1/change-requests/${id}/${verb}`, body);
  }

  private async sessionOf(login: string): Promise<string> {
    const session = this.sessions.get(login) ?? (await this.control.signIn(login));
    this.sessions.set(login, session);
    return session;
  }

  private history(): Promise<PositionedEvent[]> {
    return readWhole(this.control.adapters.store);
  }
}

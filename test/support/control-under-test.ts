import { decodeEvent, StoppedClock, type EventEnvelope } from '#kernel';
import { adapters, closeAdapters, type Adapters } from '#apps/control/src/adapters';
import { createControl } from '#apps/control/src/control';
import type { EventStore } from '#event-store/port';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { enrolFirstAdmin } from '#identity/commissioning';
import type { Role } from '#identity/published';
import { USUAL_CREDENTIAL_RULES, type CredentialRules } from '#identity/credentials/credential-rules';
import { relyingPartyAt } from '#identity/security-keys/relying-party';
import type { SignOnSettings } from '#identity/single-sign-on/settings';
import { createLogger } from '#platform/logging/logger';
import { testDatabase, type TestDatabase } from './test-database.js';
import { TICKET_SYSTEMS_FILE } from './ticket-system.js';

export const REASON = { code: 'joiner', text: 'starts in the team on Monday' };
export const VERIFIED = 'badge 1234 seen by A. Meier';
/** At which people reach it, as security keys are told. */
export const CONTROL_URL = 'https://holdfast.site.example';
export const PASSWORD = 'correct horse battery staple';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The body's members. */
  readonly json: Readonly<Record<string, unknown>>;
}

type Method = 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';

export interface Asked {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a spec sets otherwise. */
type More = {
  readonly settingsFile?: string;
  readonly ticketSystemsFile?: string;
  readonly attachmentMib?: number;
  readonly accessReviewInterval?: number;
  readonly periodicReviewInterval?: number;
  readonly trailReviewInterval?: number;
  readonly url?: string;
  readonly signOn?: SignOnSettings;
} & Partial<CredentialRules>;

/** The whole of control over a database of its own, with a clock that stands still, asked without a network. */
export class ControlUnderTest {
  private constructor(
    readonly database: TestDatabase,
    readonly clock: StoppedClock,
    readonly adapters: Adapters,
    readonly log: string[],
    private readonly more: More,
    private readonly app: Awaited<ReturnType<typeof createControl>>,
    /** The one-time secret of the first admin. */
    readonly firstAdminSecret: string,
    /** By the token of a session: whose it is. */
    private readonly logins: Map<string, string>,
  ) {}

  static async start(more: More = {}): Promise<ControlUnderTest> {
    const database = await testDatabase();
    const clock = new StoppedClock('2026-11-24T08:00:00.000Z');
    const made = adaptersFor(database, more, clock);
    const first = await enrolFirstAdmin(made.streams, made.credentials, clock);
    if (!first) throw new Error('a new database has no first admin yet');
    return ControlUnderTest.of(database, clock, made, more, first.secret, new Map());
  }

  private static async of(
    database: TestDatabase,
    clock: StoppedClock,
    made: Adapters,
    more: More,
    firstAdminSecret: string,
    logins: Map<string, string>,
  ): Promise<ControlUnderTest> {
    const log: string[] = [];
    const logger = createLogger('control', 'info', { write: (line) => void log.push(line) });
    const site = {
      origin: 'site.example/log',
      evaluationDatabase: true,
      eventStore: 'postgresql',
      relyingParty: relyingPartyAt(more.url ?? CONTROL_URL),
    } as const;
    const app = await createControl(made, site, logger);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new ControlUnderTest(database, clock, made, log, more, app, firstAdminSecret, logins);
  }

  /** One more instance over the same database, under the same clock; who asks for it stops it. */
  async another(store?: EventStore): Promise<ControlUnderTest> {
    const made = adaptersFor(this.database, this.more, this.clock, store);
    const { database, clock, more, firstAdminSecret, logins } = this;
    return ControlUnderTest.of(database, clock, made, more, firstAdminSecret, logins);
  }

  /** As a client does it: whoever is asked for their login as well gives it, in the session in which they are. */
  async ask(method: Method, url: string, asked: Asked = {}): Promise<Answer> {
    const answer = await this.askOnce(method, url, asked);
    const login = this.logins.get(asked.token ?? '');
    if (answer.json['code'] !== 'login-required' || login === undefined) return answer;
    return this.askOnce(method, url, { ...asked, body: { ...(asked.body as object), login } });
  }

  /** With what is given, and no more. */
  async askOnce(method: Method, url: string, asked: Asked = {}): Promise<Answer> {
    const { token, body, headers = {} } = asked;
    const response = await this.app.inject({
      method,
      url,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const text = response.body;
    const isJson = /[/+]json(;|$)/.test(String(response.headers['content-type']));
    const json = isJson ? (JSON.parse(text) as Answer['json']) : {};
    const { token: opened, person } = json as {
      readonly token?: string;
      readonly person?: { readonly login: string };
    };
    if (opened !== undefined && person) this.logins.set(opened, person.login);
    return { status: response.statusCode, headers: response.headers, text, json };
  }

  /** Listens as well. @param port 0: a free one @returns the address */
  async listen(port = 0): Promise<string> {
    await this.app.listen(port, '127.0.0.1');
    return this.app.getUrl();
  }

  async signIn(login: string, password = PASSWORD): Promise<string> {
    const answer = await this.ask('POST', '/v1/sessions', { body: { login, password } });
    return member(answer, 201, 'token');
  }

  /** The first admin, with a password and a session. */
  async admin(): Promise<string> {
    await this.setPassword('admin', this.firstAdminSecret);
    return this.signIn('admin');
  }

  /** Sessions last for all of their eight hours, for who moves the clock. While the site is set up. */
  async keepSessions(admin: string): Promise<void> {
    const changes = [{ key: 'session-idle-minutes', value: '480' }];
    const answer = await this.ask('POST', '/v1/settings', {
      token: admin,
      body: { changes, reason: REASON },
    });
    if (answer.status !== 200) throw new Error(answer.text);
  }

  /** Enrols somebody with a password. @returns the person's id */
  async enrol(admin: string, login: string, roles: readonly Role[]): Promise<string> {
    const body = { login, name: `${login} of the team`, roles, verifiedBy: VERIFIED, reason: REASON };
    const answer = await this.ask('POST', '/v1/people', { token: admin, body });
    await this.setPassword(login, member(answer, 201, 'enrolmentSecret'));
    return member(answer, 201, 'person');
  }

  /** The history of a stream, as it is stored. */
  async history(stream: string): Promise<EventEnvelope[]> {
    const events: EventEnvelope[] = [];
    for await (const stored of this.adapters.store.readStream(stream)) events.push(decodeEvent(stored.bytes));
    return events;
  }

  /** Runs `act` while the next secret is being checked: after its person's state was loaded, before anything is decided. */
  withinNextCheck(act: () => Promise<void>): void {
    const { credentials } = this.adapters;
    const verifierOf = credentials.verifierOf.bind(credentials);
    credentials.verifierOf = async (id) => {
      credentials.verifierOf = verifierOf;
      await act();
      return verifierOf(id);
    };
  }

  async stop(): Promise<void> {
    await this.app.close();
    await closeAdapters(this.adapters);
  }

  private async setPassword(login: string, secret: string): Promise<void> {
    const answer = await this.ask('POST', '/v1/passwords', { body: { login, secret, password: PASSWORD } });
    if (answer.status !== 204) throw new Error(`${login}'s password was not set: ${answer.text}`);
  }
}

function adaptersFor(
  database: TestDatabase,
  { settingsFile, signOn, ticketSystemsFile = TICKET_SYSTEMS_FILE, url: _url, ...rules }: More,
  clock: StoppedClock,
  store?: EventStore,
): Adapters {
  const databaseUrl = database.url('control');
  const files = { settingsFile, ticketSystemsFile };
  // What counts is the shorter of this and what the site decided, half an hour unless it did.
  const usual = { ...USUAL_CREDENTIAL_RULES, sessionIdleMinutes: 480 };
  const settings = { databaseUrl, zone: 'Europe/Zurich', ...usual, ...rules, ...files };
  return adapters(settings, database.siteKey, store ?? new PostgresEventStore(databaseUrl), {
    clock,
    signOn,
  });
}

function member(answer: Answer, status: number, name: string): string {
  const value = answer.json[name];
  if (answer.status !== status || typeof value !== 'string') {
    throw new Error(`${status} with ${name} expected, ${answer.status} came: ${answer.text}`);
  }
  return value;
}

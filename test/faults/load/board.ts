import { readFile } from 'node:fs/promises';
import type { Home } from '#apps/host/src/home';
import type { CommandRecord, Outcome } from './record.js';
import { Rest, type Answer } from './rest.js';

export interface Item {
  readonly snap: string;
  readonly channel: string;
  readonly revision: number | null;
}

export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly recordDigest: string | null;
}

const PASSWORD = 'correct horse battery staple 7';

/** Codes with which the site itself says that it does not know whether it was done. */
const UNKNOWN = ['outcome-unknown', 'internal-error'];

/** The people who give commands. Each command is entered in the record before it goes out, and its outcome when it comes. */
export class Board {
  readonly rest: Rest;
  private readonly tokens = new Map<string, string>();
  round = 0;

  constructor(
    control: string,
    readonly record: CommandRecord,
  ) {
    this.rest = new Rest(control);
  }

  /** Enrols an author and an approver, with the secret that the first start left. */
  async enrol(home: Home): Promise<void> {
    const secret = (await readFile(home.secret('first-admin'), 'utf8')).trim();
    await this.firstPassword('admin', secret);
    const admin = await this.token('admin');
    for (const [login, role] of [
      ['ana', 'author'],
      ['ben', 'approver'],
    ] as const) {
      const reason = { code: 'test', text: 'the fault loop needs people' };
      const body = { login, name: `${login} of the board`, roles: [role], reason };
      const { enrolmentSecret } = succeeded(await this.rest.post('/v1/people', body, admin));
      await this.firstPassword(login, String(enrolmentSecret));
    }
  }

  draft(items: readonly Item[], submit: boolean): Promise<Outcome> {
    return this.give('draft', undefined, { items, submit }, { items, submit });
  }

  submit(request: string): Promise<Outcome> {
    return this.give('submit', request, {}, {});
  }

  withdraw(request: string): Promise<Outcome> {
    return this.give('withdraw', request, {}, {});
  }

  decide(decision: 'approve' | 'reject', { id, recordDigest }: Shown): Promise<Outcome> {
    return this.give(decision, id, { recordDigest, password: PASSWORD }, { recordDigest });
  }

  /** @throws Error when it cannot be had now */
  async show(id: string): Promise<Shown> {
    return await this.rest.get<Shown>(`/v1/change-requests/${id}`, await this.token('ana'));
  }

  /** A session's token; signs in when there is none. @throws Error when that is not possible now */
  async token(login: string): Promise<string> {
    const known = this.tokens.get(login);
    if (known !== undefined) return known;
    const { token } = succeeded(await this.rest.post('/v1/sessions', { login, password: PASSWORD }));
    this.tokens.set(login, String(token));
    return String(token);
  }

  private async give(
    command: 'draft' | 'submit' | 'withdraw' | 'approve' | 'reject',
    request: string | undefined,
    body: object,
    content: unknown,
  ): Promise<Outcome> {
    const login = command === 'approve' || command === 'reject' ? 'ben' : 'ana';
    const token = await this.token(login);
    const tag = this.record.tag(this.round);
    const path = request === undefined ? '/v1/change-requests' : `/v1/change-requests/${request}/${command}`;
    const reason = { code: 'test', text: 'the fault loop asks for it', ticket: tag };
    const attempt = {
      tag,
      round: this.round,
      command,
      content,
      ...(request === undefined ? {} : { request }),
    };
    const entry = this.record.begin(attempt);
    const outcome = outcomeOf(await this.rest.post(path, { ...body, reason }, token));
    this.record.end(entry, outcome);
    return outcome;
  }

  private async firstPassword(login: string, secret: string): Promise<void> {
    succeeded(await this.rest.post('/v1/passwords', { login, secret, password: PASSWORD }));
  }
}

function outcomeOf(answer: Answer): Outcome {
  if (answer.kind === 'cut') return { kind: 'unknown', why: answer.why };
  const { id, status, cursor, code } = answer.body;
  if (answer.status < 300) {
    return {
      kind: 'acknowledged',
      id: String(id),
      status: String(status),
      cursor: typeof cursor === 'string' ? cursor : null,
    };
  }
  if (typeof code !== 'string' || UNKNOWN.includes(code))
    return { kind: 'unknown', why: `${answer.status} ${String(code)}` };
  return { kind: 'refused', status: answer.status, code };
}

function succeeded(answer: Answer): Readonly<Record<string, unknown>> {
  if (answer.kind === 'answered' && answer.status < 300) return answer.body;
  throw new Error(answer.kind === 'cut' ? answer.why : `${answer.status} ${JSON.stringify(answer.body)}`);
}

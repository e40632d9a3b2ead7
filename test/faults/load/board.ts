import { readFile } from 'node:fs/promises';
import type { Home } from '#apps/host/src/home';
import { outcomeOf, succeeded } from './outcome-of.js';
import type { Attempt, CommandName, CommandRecord, Outcome } from './record.js';
import { NotSignedIn, Rest, type Answer } from './rest.js';

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

/** Of a release in an emergency: what its ratification signs. */
export interface ShownEmergency extends Shown {
  readonly emergency?: { readonly releaseDigest: string } | null;
}

/** What more a draft may say. */
export interface Draft {
  readonly submit: boolean;
  readonly ring?: string;
  readonly stages?: readonly {
    readonly ring: string;
    readonly soakHours: number;
    readonly verified: boolean;
  }[];
  /** By who is on call. */
  readonly emergency?: true;
}

/** Who gives a command, where, and what is in the record of it afterwards. */
interface Given {
  readonly by: Login;
  readonly command: CommandName;
  readonly request?: string;
  readonly body: object;
  readonly content: unknown;
}

const PEOPLE = {
  ana: ['author'],
  ben: ['approver'],
  cyd: ['qa'],
  olga: ['author', 'approver', 'operator'],
} as const;
export type Login = keyof typeof PEOPLE;

export const PASSWORD = 'correct horse battery staple 7';

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

  /** Enrols an author, an approver, QA and who is on call, with the secret that the first start left; and makes two more rings. */
  async enrol(home: Home): Promise<void> {
    const secret = (await readFile(home.secret('first-admin'), 'utf8')).trim();
    await this.firstPassword('admin', secret);
    const admin = await this.token('admin');
    const reason = { code: 'test', text: 'the fault loop needs people, and rings' };
    for (const [login, roles] of Object.entries(PEOPLE)) {
      const body = { login, name: `${login} of the board`, roles, reason };
      const { enrolmentSecret } = succeeded(await this.rest.post('/v1/people', body, admin));
      await this.firstPassword(login, String(enrolmentSecret));
    }
    const operator = await this.token('olga');
    for (const name of ['canary', 'pilot'])
      succeeded(await this.rest.post('/v1/rings', { name, reason }, operator));
  }

  draft(items: readonly Item[], draft: Draft): Promise<Outcome> {
    const by = draft.emergency ? 'olga' : 'ana';
    return this.give({ by, command: 'draft', body: { items, ...draft }, content: { items, ...draft } });
  }

  /** Names who is on call, which is a change as every other. */
  draftOnCall(snaps: readonly string[]): Promise<Outcome> {
    const rules = {
      default: { approvals: 1, roles: { approver: 1 }, order: 'any' },
      emergency: { onCall: ['olga'], snaps, ratifyWithinHours: 168 },
    };
    const items = [{ kind: 'approval-policy', rules }];
    return this.give({ by: 'ana', command: 'draft', body: { items, submit: true }, content: { items } });
  }

  submit(request: string): Promise<Outcome> {
    return this.give({ by: 'ana', command: 'submit', request, body: {}, content: {} });
  }

  withdraw(request: string): Promise<Outcome> {
    return this.give({ by: 'ana', command: 'withdraw', request, body: {}, content: {} });
  }

  decide(decision: 'approve' | 'reject', shown: Shown): Promise<Outcome> {
    return this.sign('ben', decision, shown.id, shown.recordDigest);
  }

  revise(request: string, items: readonly Item[], submit: boolean): Promise<Outcome> {
    const content = { items, submit };
    return this.give({ by: 'ana', command: 'revise', request, body: content, content });
  }

  comment(request: string): Promise<Outcome> {
    return this.give({ by: 'ana', command: 'comment', request, body: {}, content: {} });
  }

  attach(request: string, content: string): Promise<Outcome> {
    return this.give({ by: 'ana', command: 'attach', request, body: {}, content: { text: content } });
  }

  /** In an emergency, alone. */
  release({ id, recordDigest }: Shown): Promise<Outcome> {
    return this.sign('olga', 'release', id, recordDigest);
  }

  ratify(by: 'ben' | 'cyd', request: string, releaseDigest: string): Promise<Outcome> {
    return this.sign(by, 'ratify', request, releaseDigest);
  }

  /** Says that a plan does what it should in a ring. */
  verify(request: string, ring: string): Promise<Outcome> {
    const content = { ring, passed: true, lookedAt: 'the devices of the fault loop' };
    return this.give({ by: 'olga', command: 'verify', request, body: content, content });
  }

  recall(request: string): Promise<Outcome> {
    return this.give({ by: 'olga', command: 'recall', request, body: {}, content: {} });
  }

  /** @throws Error when it cannot be had now */
  async show(id: string): Promise<ShownEmergency> {
    try {
      return await this.rest.get<ShownEmergency>(`/v1/change-requests/${id}`, await this.token('ana'));
    } catch (error) {
      if (error instanceof NotSignedIn) this.tokens.delete('ana');
      throw error;
    }
  }

  /** A session's token; signs in when there is none. @throws Error when that is not possible now */
  async token(login: string): Promise<string> {
    const known = this.tokens.get(login);
    if (known !== undefined) return known;
    const { token } = succeeded(await this.rest.post('/v1/sessions', { login, password: PASSWORD }));
    this.tokens.set(login, String(token));
    return String(token);
  }

  private sign(
    by: Login,
    command: CommandName,
    request: string,
    recordDigest: string | null,
  ): Promise<Outcome> {
    const content = { recordDigest };
    return this.give({
      by,
      command,
      request,
      body: { recordDigest, login: by, password: PASSWORD },
      content,
    });
  }

  private async give({ by, command, request, body, content }: Given): Promise<Outcome> {
    const token = await this.token(by);
    const tag = this.record.tag(this.round);
    const attempt = {
      tag,
      round: this.round,
      command,
      content,
      ...(request === undefined ? {} : { request }),
    };
    const entry = this.record.begin(attempt);
    const outcome = outcomeOf(await this.send(attempt, body, token));
    // A session is over when nothing was asked in it for long, by the site's clock, which is set back at times.
    if (outcome.kind === 'refused' && outcome.status === 401) this.tokens.delete(by);
    this.record.end(entry, outcome);
    return outcome;
  }

  private send({ tag, command, content, request }: Attempt, body: object, token: string): Promise<Answer> {
    const text = 'the fault loop asks for it';
    const reason = { code: 'test', text, ticket: tag };
    if (request === undefined) return this.rest.post('/v1/change-requests', { ...body, reason }, token);
    const at = `/v1/change-requests/${request}`;
    switch (command) {
      case 'comment':
        return this.rest.post(`${at}/comments`, { text: `${text}: ${tag}` }, token);
      case 'attach': {
        const name = `${tag}.txt`;
        const query = new URLSearchParams({
          name,
          mediaType: 'text/plain',
          reasonCode: 'test',
          reason: `${text}: ${tag}`,
        });
        return this.rest.postFile(
          `${at}/attachments?${query.toString()}`,
          (content as { text: string }).text,
          token,
        );
      }
      case 'draft':
      case 'submit':
      case 'withdraw':
      case 'approve':
      case 'reject':
      case 'revise':
      case 'release':
      case 'ratify':
      case 'verify':
      case 'recall':
        return this.rest.post(`${at}/${command}`, { ...body, reason }, token);
    }
  }

  private async firstPassword(login: string, secret: string): Promise<void> {
    succeeded(await this.rest.post('/v1/passwords', { login, secret, password: PASSWORD }));
  }
}

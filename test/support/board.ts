import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';

/** Control, as the people of a site use it over REST: an admin who enrols, an author who asks, an approver who signs. */
export class Board {
  private constructor(
    private readonly control: string,
    private readonly author: string,
    private readonly approver: string,
  ) {}

  /** Sets up a site that was just started from `home`. */
  static async of(control: string, home: string): Promise<Board> {
    const secret = (await readFile(join(home, 'secrets', 'first-admin'), 'utf8')).trim();
    const admin = await signIn(control, 'admin', secret);
    const enrol = async (login: string, ...roles: string[]) => {
      const body = { login, name: `${login} of the board`, roles, reason: REASON };
      const { enrolmentSecret } = await post<{ enrolmentSecret: string }>(control, '/v1/people', body, admin);
      return signIn(control, login, enrolmentSecret);
    };
    return new Board(control, await enrol('ana', 'author', 'operator'), await enrol('ben', 'approver'));
  }

  /** Sets up a site that was just started from `home`. @returns the session of its one operator */
  static async operator(control: string, home: string): Promise<string> {
    return (await Board.of(control, home)).author;
  }

  /** The same people, at another instance of control. */
  at(control: string): Board {
    return new Board(control, this.author, this.approver);
  }

  /** The operator stops a snap, or the whole ring. */
  async halt(ring: string, snap?: string): Promise<void> {
    const body = { reason: REASON, ...(snap === undefined ? {} : { snap }) };
    await post(this.control, `/v1/rings/${ring}/halt`, body, this.author);
  }

  /** The request's first event, as the audit trail shows it. */
  draftedAt(id: string): Promise<{ readonly at: string; readonly position: string }> {
    return this.happenedAt(id, 'ChangeDrafted');
  }

  /** The first event of a type in the request's life, as the audit trail shows it. */
  async happenedAt(id: string, type: string): Promise<{ readonly at: string; readonly position: string }> {
    const [event] = await this.eventsIn(`change-request/${id}`, type);
    if (!event) throw new Error(`${type} of ${id} is not in the audit trail`);
    return event;
  }

  /** A stream's newest events of a type, as the audit trail shows them. */
  async eventsIn(
    stream: string,
    type: string,
  ): Promise<readonly { readonly at: string; readonly position: string; readonly data: unknown }[]> {
    const response = await fetch(`${this.control}/v1/audit?type=${type}&stream=${stream}`, {
      headers: { authorization: `Bearer ${this.author}` },
    });
    return ((await response.json()) as { events: { at: string; position: string; data: unknown }[] }).events;
  }

  /** The same people at a site that was restored: with the passwords that they had. */
  static async returning(control: string): Promise<Board> {
    return new Board(control, await enter(control, 'ana'), await enter(control, 'ben'));
  }

  /** Asks for a change and waits until the worker has answered. @returns the request's id and how it stands */
  async submit(...items: Item[]): Promise<Shown> {
    return this.submitTo('default', items);
  }

  private async submitTo(ring: string, items: readonly Item[]): Promise<Shown> {
    const body = { ring, items, reason: REASON };
    const { id } = await post<{ id: string }>(this.control, '/v1/change-requests', body, this.author);
    return this.captured(id);
  }

  /** Waits until the worker has answered a request that was submitted. */
  captured(id: string): Promise<Shown> {
    return this.until(id, (shown) => shown.status !== 'submitted');
  }

  /** A token of the author's, for the default ring. */
  async token(name: string): Promise<string> {
    const own = { login: 'ana', password: PASSWORD };
    const body = { name, standingReason: REASON, rings: ['default'], ...own, reason: REASON };
    return (await post<{ token: string }>(this.control, '/v1/tokens', body, this.author)).token;
  }

  /** Signs what was captured, and waits until it is applied, or stale. */
  async approve({ id, recordDigest }: Shown): Promise<Shown> {
    const body = { recordDigest, login: 'ben', password: PASSWORD, reason: REASON };
    await post(this.control, `/v1/change-requests/${id}/approve`, body, this.approver);
    return this.until(id, (shown) => shown.status !== 'captured' && shown.status !== 'approved');
  }

  /** The whole way: asked for, captured, approved, applied. */
  hold(...items: Item[]): Promise<Shown> {
    return this.holdIn('default', ...items);
  }

  async holdIn(ring: string, ...items: Item[]): Promise<Shown> {
    const captured = await this.submitTo(ring, items);
    if (captured.status !== 'captured') throw new Error(`not captured: ${JSON.stringify(captured.failures)}`);
    const applied = await this.approve(captured);
    if (applied.status !== 'effective') throw new Error(`${applied.id} is ${applied.status}, not effective`);
    return applied;
  }

  async show(id: string): Promise<Shown> {
    return this.get<Shown>(`/v1/change-requests/${id}`);
  }

  /** Whatever the author may look at. */
  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.control + path, {
      headers: { authorization: `Bearer ${this.author}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Has every watched snap looked at upstream, and waits until that is done. */
  async sync(): Promise<Synced> {
    const { id, cursor } = await post<{ id: string; cursor: string }>(
      this.control,
      '/v1/syncs',
      { reason: REASON },
      this.author,
    );
    return vi.waitUntil(
      async () => {
        const sync = await this.get<Synced>(`/v1/syncs/${id}?atLeast=${cursor}`).catch(() => undefined);
        return sync?.status === 'done' ? sync : undefined;
      },
      { timeout: 60_000, interval: 50 },
    );
  }

  /** The proxies of the site, as `holdfast nodes` lists them. */
  async nodes(): Promise<readonly ShownNode[]> {
    return (await this.get<{ nodes: ShownNode[] }>('/v1/nodes')).nodes;
  }

  /** The operator says where events go. @param sink as its route takes it, without the reason */
  async addSink(sink: object): Promise<void> {
    await post(this.control, '/v1/sinks', { ...sink, reason: REASON }, this.author);
  }

  /** Each sink with why it does not take what it is told now; null when it does. */
  async sinks(): Promise<ReadonlyMap<string, string | null>> {
    type Lines = { readonly name: string; readonly trying: { readonly why: string } | null }[];
    const { sinks } = await this.get<{ sinks: Lines }>('/v1/sinks');
    return new Map(sinks.map(({ name, trying }) => [name, trying?.why ?? null]));
  }

  async createRing(name: string): Promise<void> {
    await post(this.control, '/v1/rings', { name, reason: REASON }, this.author);
  }

  /** @returns the one-time token */
  async inviteNode(name: string): Promise<string> {
    return (await post<{ token: string }>(this.control, '/v1/nodes', { name, reason: REASON }, this.author))
      .token;
  }

  private until(id: string, holds: (shown: Shown) => boolean): Promise<Shown> {
    return vi.waitUntil(
      async () => {
        const shown = await this.show(id).catch(() => undefined); // not projected yet
        return shown && holds(shown) ? shown : undefined;
      },
      { timeout: 40_000, interval: 50 },
    );
  }
}

export type Item =
  | { readonly snap: string; readonly channel: string; readonly revision: number | null }
  | { readonly kind: 'access'; readonly access: 'open' | 'gated' }
  | { readonly kind: 'deny' | 'allow'; readonly snap: string; readonly listed?: boolean }
  | { readonly kind: 'publisher-changes'; readonly publisherChanges: 'keep' | 'block' }
  | { readonly kind: 'unblock' | 'resume'; readonly snap: string }
  | { readonly kind: 'resume-ring' };

export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly recordDigest: string | null;
  readonly changes: readonly unknown[];
  readonly failures: readonly { readonly code: string; readonly message: string }[];
}

export interface ShownNode {
  readonly name: string;
  readonly state: string;
  readonly ring: string | null;
  readonly lastHeardAt: string | null;
  readonly backlog: number | null;
}

export interface Synced {
  readonly status: string;
  readonly total: number;
  readonly outcome: { readonly changed: number; readonly failures: readonly unknown[] };
}

const REASON = { code: 'test', text: 'an end to end test asks for it' };
export const PASSWORD = 'correct horse battery staple 7';

async function signIn(control: string, login: string, secret: string): Promise<string> {
  await post(control, '/v1/passwords', { login, secret, password: PASSWORD });
  return enter(control, login);
}

async function enter(control: string, login: string): Promise<string> {
  return (await post<{ token: string }>(control, '/v1/sessions', { login, password: PASSWORD })).token;
}

async function post<T>(control: string, path: string, body: object, token?: string): Promise<T> {
  const response = await fetch(control + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

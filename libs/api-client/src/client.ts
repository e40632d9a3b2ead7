import { randomUUID } from 'node:crypto';
import { againWhenLost } from './again-when-lost.js';
import { ApiProblem, isProblem } from './problem.js';
import type { paths } from './schema.js';

type Method = 'get' | 'post' | 'delete';
type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];
type Operation<M extends Method, P extends PathWith<M>> = paths[P][M];

type PathParameters<O> = O extends { parameters: { path: infer Path } } ? { readonly path: Path } : unknown;
type QueryParameters<O> = O extends { parameters: { query?: infer Query } }
  ? { readonly query?: Query }
  : unknown;
type Body<O> = O extends { requestBody: { content: { 'application/json': infer Content } } }
  ? { readonly body: Content }
  : unknown;
export type ApiRequest<O> = PathParameters<O> & QueryParameters<O> & Body<O>;

type Succeeded<R> = {
  [Status in keyof R]: Status extends 200 | 201 | 202 | 204 ? R[Status] : never;
}[keyof R];
type Content<A> = A extends { content: { 'application/json': infer Answer } } ? Answer : undefined;
/** What an operation answers when it succeeds; undefined for 204. */
export type ApiAnswer<O> = O extends { responses: infer R } ? Content<Succeeded<R>> : never;

/** As much of `fetch` as is needed here. It follows no redirection. */
export type Fetch = (target: URL, request: FetchRequest) => Promise<Response>;

interface FetchRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly redirect: 'error';
  readonly signal: AbortSignal;
  readonly body?: string;
}

/** Longer than the server ever waits for its read models. */
const PATIENCE_MS = 30_000;

/** Calls control's REST API as its OpenAPI document describes it. The token goes to this server and, since redirections are refused, to no other. */
export class ApiClient {
  private told: string | undefined;

  constructor(
    private readonly url: string,
    private readonly token?: string,
    /** Where a server is to be trusted otherwise than Node does by itself. */
    private readonly fetchFrom: Fetch = fetch,
  ) {}

  /** The site's zone (IANA), as the last answer said; undefined before the first, and of a server that does not say it. */
  get zone(): string | undefined {
    return this.told;
  }

  /**
   * Whatever changes something carries an Idempotency-Key, so that it is asked again when the connection broke, and is done once.
   * @throws ApiProblem when the server refuses; AnswerLost when it went silent after it was asked; TypeError, as `fetch` does, when it cannot be reached
   */
  async call<M extends Method, P extends PathWith<M>>(
    method: M,
    path: P,
    request: ApiRequest<Operation<M, P>>,
  ): Promise<ApiAnswer<Operation<M, P>>> {
    return (await this.callForLocation(method, path, request)).answer;
  }

  /** As {@link call}, with the address that the answer's `Location` names; null when it names none. */
  async callForLocation<M extends Method, P extends PathWith<M>>(
    method: M,
    path: P,
    request: ApiRequest<Operation<M, P>>,
  ): Promise<{ readonly answer: ApiAnswer<Operation<M, P>>; readonly location: string | null }> {
    const { body, ...rest } = request as UntypedRequest;
    const target = this.target(path, rest);
    const headers = new Headers({ accept: 'application/json, application/problem+json' });
    if (this.token !== undefined) headers.set('authorization', `Bearer ${this.token}`);
    if (body !== undefined) headers.set('content-type', 'application/json');
    if (method !== 'get') headers.set('idempotency-key', `"${randomUUID()}"`);
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const send = () => this.send(target, { method: method.toUpperCase(), headers, ...content });
    const { answer, location } = await againWhenLost(send);
    // The server is ours: its answers are taken at its document's word.
    return { answer: answer as ApiAnswer<Operation<M, P>>, location };
  }

  /**
   * What an operation answers piece by piece, however long it is: a copy of the record, say.
   * @throws ApiProblem when the server refuses; TypeError, as `fetch` does, when it cannot be reached, or whatever breaks off the answer
   */
  async *stream<P extends PathWith<'get'>>(
    path: P,
    { query = {} }: { readonly query?: UntypedRequest['query'] },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const target = this.target(path, { query });
    const headers = new Headers({ accept: '*/*' });
    if (this.token !== undefined) headers.set('authorization', `Bearer ${this.token}`);
    const silence = new AbortController();
    const silent = setTimeout(() => silence.abort(new Error('nothing came for a while')), PATIENCE_MS);
    try {
      const request = { method: 'GET', headers, redirect: 'error', signal: silence.signal } as const;
      const response = await this.fetchFrom(target, request);
      this.told = response.headers.get('holdfast-zone') ?? undefined;
      if (!response.ok) {
        const refusal = parsed(await response.text());
        throw new ApiProblem(response.status, isProblem(refusal) ? refusal : undefined);
      }
      for await (const chunk of response.body ?? []) {
        silent.refresh();
        yield chunk as Uint8Array;
        silent.refresh();
      }
    } finally {
      clearTimeout(silent);
    }
  }

  private target(path: string, { path: parameters = {}, query = {} }: UntypedRequest): URL {
    const target = new URL(filled(path, parameters), this.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) target.searchParams.set(name, String(value));
    }
    return target;
  }

  private async send(
    target: URL,
    request: Pick<FetchRequest, 'method' | 'headers' | 'body'>,
  ): Promise<{ readonly answer: unknown; readonly location: string | null }> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await this.fetchFrom(target, { ...request, redirect: 'error', signal });
    this.told = response.headers.get('holdfast-zone') ?? undefined;
    const text = response.status === 204 ? '' : await response.text();
    const answer = parsed(text);
    if (!response.ok) throw new ApiProblem(response.status, isProblem(answer) ? answer : undefined);
    return { answer, location: response.headers.get('location') };
  }
}

/** Undefined for what is no JSON, as an answer of somebody else's. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

interface UntypedRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

function filled(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(parameters[name] ?? ''));
}

import { CliError } from '../cli-error.js';
import { problemFrom, ProblemError } from './problem.js';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Begins with `/v1/`. */
  readonly path: string;
  /** Members that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** Waiting for a projection may take the server 5 s; after this much it will not answer any more. */
const PATIENCE_MS = 30_000;

/**
 * One request to control. A redirection is not followed: the token is for this server alone.
 * @throws ProblemError when the server refuses; CliError `unreachable`, `unexpected-answer`
 */
export async function callApi(url: string, token: string | undefined, request: ApiRequest): Promise<unknown> {
  const response = await send(url, token, request);
  const text = await response.text();
  const body = parse(text);
  if (!response.ok) throw new ProblemError(problemFrom(response.status, body));
  if (body === undefined && text !== '') {
    throw new CliError(
      'unexpected-answer',
      `${url} answered ${request.method} ${request.path} with something other than JSON`,
    );
  }
  return body;
}

async function send(
  url: string,
  token: string | undefined,
  { method, path, query, body }: ApiRequest,
): Promise<Response> {
  const target = new URL(path, url);
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) target.searchParams.set(name, value);
  const headers = new Headers({ accept: 'application/json, application/problem+json' });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return await fetch(target, { method, headers, redirect: 'error', signal, ...content });
  } catch (cause) {
    throw new CliError(
      'unreachable',
      `${url} does not answer: ${reasonOf(cause)}. Is "holdfast up" running there?`,
      { cause },
    );
  }
}

/** undefined when it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch says "fetch failed" and hides why in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return cause.message || ((cause as NodeJS.ErrnoException).code ?? cause.name);
  return error.message;
}

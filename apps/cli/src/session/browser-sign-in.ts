import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError } from '../cli-error.js';

const PATIENCE_MS = 10 * 60_000;
const DONE = 'The command line is signed in. You may close this page.\n';
const OTHER = 'This is not the page that the command line waits for.\n';

/** What a browser handed over. */
export interface HandedOver {
  readonly code: string;
  /** RFC 7636: proves that the code is for us. */
  readonly verifier: string;
}

/**
 * Waits, on this machine alone, for a browser to come with a code (RFC 8252, 7.3), and answers it once.
 * @param invite given what a page needs to know to send it here, and what its person compares
 * @throws CliError `not-signed-in-time`
 */
export async function browserSignIn(
  invite: (wanted: URLSearchParams, check: string) => void,
): Promise<HandedOver> {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const state = randomBytes(32).toString('base64url');
  const code = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const found = codeIn(request, state);
    answer(response, found !== undefined);
    if (found !== undefined) code.resolve(found);
  });
  const timer = setTimeout(() => {
    code.reject(new CliError('not-signed-in-time', 'nobody signed in within ten minutes'));
  }, PATIENCE_MS);
  try {
    server.on('error', code.reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      invite(new URLSearchParams({ cli: String(port), state, challenge }), checkOf(challenge));
    });
    return { code: await code.promise, verifier };
  } finally {
    clearTimeout(timer);
    server.close();
    server.closeIdleConnections();
  }
}

/** Of a request that only who was told our state can make: every page that a browser shows can ask this port for something. */
function codeIn({ method, url = '' }: IncomingMessage, state: string): string | undefined {
  // Null for what is no address, such as "//": it must not end the command that waits.
  const asked = URL.parse(url, 'http://127.0.0.1');
  if (asked === null) return undefined;
  const { pathname, searchParams } = asked;
  const given = Buffer.from(searchParams.get('state') ?? '');
  const right = given.length === state.length && timingSafeEqual(given, Buffer.from(state));
  return method === 'GET' && pathname === '/callback' && right
    ? (searchParams.get('code') ?? undefined)
    : undefined;
}

function answer(response: ServerResponse, isDone: boolean): void {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  };
  response.writeHead(isDone ? 200 : 404, headers).end(isDone ? DONE : OTHER);
}

/** What a person compares on both sides: a page that somebody else's command line opened shows another. */
function checkOf(challenge: string): string {
  const hex = createHash('sha256').update(challenge).digest('hex').slice(0, 8).toUpperCase();
  return `${hex.slice(0, 4)}-${hex.slice(4)}`;
}

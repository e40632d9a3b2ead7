import { generateKeyPairSync } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';
import type { SignOnSettings } from '#identity/single-sign-on/settings';

export const CLIENT_ID = 'holdfast';
export const CLIENT_SECRET = 'known to both, and to nobody else';

/** A real OpenID provider (`oidc-provider`) on this machine: whoever types a login is taken for that. */
export class TestIdentityProvider {
  private constructor(
    readonly issuer: string,
    readonly settings: SignOnSettings,
    private readonly server: Server,
  ) {}

  /** @param redirectUri of control's page @param more what it does otherwise */
  static async start(redirectUri: string, more: Configuration = {}): Promise<TestIdentityProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', answering(providerAt(issuer, redirectUri, more)));
    const settings = {
      issuer,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      scopes: 'openid',
      claim: 'sub',
      origins: [],
      redirectUri,
    };
    return new TestIdentityProvider(issuer, settings, server);
  }

  /** What a browser does, as {@link signInThere} says. */
  signIn(address: string, login: string, jar?: Map<string, string>): Promise<BackFromThere> {
    return signInThere(address, login, this.settings.redirectUri, jar);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** @param redirectUri of control's page @param more what it does otherwise */
export function providerAt(issuer: string, redirectUri: string, more: Configuration = {}): Provider {
  return new Provider(issuer, { ...configuration(redirectUri), ...more });
}

/** What its server does, with the page where a login is typed. */
export function answering(provider: Provider): RequestListener {
  const callback = provider.callback();
  return (request, response) => {
    const done = request.url?.startsWith('/interaction/')
      ? interact(provider, request, response)
      : Promise.resolve(callback(request, response));
    done.catch((error: unknown) => response.writeHead(500).end(String(error)));
  };
}

export interface BackFromThere {
  /** With which the browser comes back. */
  readonly query: string;
  /** Whether a login was asked for. */
  readonly asked: boolean;
}

/** What is needed here of `fetch`. */
type Fetch = (
  url: URL,
  init: {
    readonly redirect: 'manual';
    readonly headers: Record<string, string>;
    readonly method?: 'POST';
    readonly body?: URLSearchParams;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null; getSetCookie(): string[] };
  text(): Promise<string>;
}>;

/**
 * What a browser does: follows the provider's way, and types a login where it is asked for one.
 * @param redirectUri of control's page @param jar the browser's cookies, by name; kept, they are its session there @param ask how it reaches the provider
 */
export async function signInThere(
  address: string,
  login: string,
  redirectUri: string,
  jar: Map<string, string> = new Map(),
  ask: Fetch = fetch,
): Promise<BackFromThere> {
  let url = new URL(address);
  let asked = false;
  let body: URLSearchParams | undefined;
  for (let steps = 0; steps < 10; steps++) {
    if (url.href.startsWith(redirectUri)) return { query: url.search, asked };
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(body && { method: 'POST', body }),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';')[0] ?? '').split('=');
      jar.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null && answer.status !== 200) throw new Error(await answer.text());
    asked ||= location === null;
    body = location === null ? new URLSearchParams({ login }) : undefined;
    url = new URL(location ?? url, url);
  }
  throw new Error(`the provider leads on and on, to ${url.href} at last`);
}

const KEY = {
  ...generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ format: 'jwk' }),
  kid: 'one',
};

function configuration(redirectUri: string): Configuration {
  return {
    clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [redirectUri] }],
    cookies: { keys: ['of a test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    // It says more of them than anybody should believe.
    claims: { openid: ['sub', 'roles'] },
    conformIdTokenClaims: false,
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, roles: ['admin', 'qa'] }) }),
    jwks: { keys: [KEY] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    // Nobody is asked whether we may know who they are.
    loadExistingGrant: async (context) => {
      const { provider, client, session } = context.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  };
}

const FORM =
  '<!doctype html><title>Provider</title><form method="post"><label>Login <input name="login" /></label><button>Sign in there</button></form>';

async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(FORM);
    return;
  }
  let body = '';
  for await (const piece of request) body += String(piece);
  const login = new URLSearchParams(body).get('login') ?? '';
  await provider.interactionFinished(request, response, { login: { accountId: login } });
}

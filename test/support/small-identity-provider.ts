import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SignOnSettings } from '#identity/single-sign-on/settings';

type Claims = Readonly<Record<string, unknown>>;

/** How an answer comes about, where it is not as it should be. */
export interface Unusual {
  /** In place of what the ID token says; null leaves it out. */
  readonly claims?: Claims;
  readonly alg?: 'none' | 'HS256';
  /** A key that it does not publish signs. */
  readonly otherKey?: true;
  /** It sends no ID token. */
  readonly noIdToken?: true;
  /** What its endpoint for tokens does instead. */
  readonly token?: 'hangs' | 'endless' | 'redirects' | 'html' | 'used' | 'fails';
}

/** The one that they publish, and another one. */
const KEYS = [
  generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  generateKeyPairSync('rsa', { modulusLength: 2_048 }),
] as const;

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * An OpenID provider of a few lines, at a clock of the test, which says whatever it is told to: what real ones would not. Nobody signs in at it: a test comes back from it
 * with a code in which all of that stands.
 */
export class SmallIdentityProvider {
  /** In place of what it says of itself. */
  metadata: Claims = {};
  private readonly waiting = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    readonly settings: SignOnSettings,
    private readonly now: () => number,
  ) {}

  /** @param now epoch in milliseconds @param tls its certificate and key, in PEM, and the name that it has */
  static async start(
    now: () => number,
    redirectUri: string,
    tls?: { readonly cert: string; readonly key: string; readonly name: string },
  ): Promise<SmallIdentityProvider> {
    const server = tls ? createTlsServer(tls) : createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const issuer = tls ? `https://${tls.name}:${port}` : `http://127.0.0.1:${port}`;
    const settings = {
      issuer,
      clientId: 'holdfast',
      scopes: 'openid',
      claim: 'sub',
      origins: [],
      redirectUri,
    };
    const provider = new SmallIdentityProvider(server, issuer, settings, now);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (piece) => (body += String(piece)));
      request.on('end', () => provider.answer(request.url ?? '/', body, response));
    });
    return provider;
  }

  /** As if somebody had gone to that address and signed in there. @returns the query with which they come back */
  back(address: string, subject: string, unusual: Unusual = {}): string {
    const asked = new URL(address).searchParams;
    const code = encoded({ nonce: asked.get('nonce'), subject, unusual });
    return new URLSearchParams({ code, state: asked.get('state') ?? '', iss: this.issuer }).toString();
  }

  async stop(): Promise<void> {
    for (const response of this.waiting) response.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(url: string, body: string, response: ServerResponse): void {
    const { issuer } = this;
    if (url === '/.well-known/openid-configuration') {
      return json(response, 200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        authorization_response_iss_parameter_supported: true,
        ...this.metadata,
      });
    }
    if (url === '/keys') {
      const jwk = KEYS[0].publicKey.export({ format: 'jwk' });
      return json(response, 200, { keys: [{ ...jwk, kid: 'one', use: 'sig', alg: 'RS256' }] });
    }
    if (url !== '/token') return json(response, 404, {});
    const code = new URLSearchParams(body).get('code') ?? '';
    const said = JSON.parse(Buffer.from(code, 'base64url').toString()) as {
      readonly nonce: string;
      readonly subject: string;
      readonly unusual: Unusual;
    };
    this.token(said, response);
  }

  private token(
    {
      nonce,
      subject,
      unusual,
    }: { readonly nonce: string; readonly subject: string; readonly unusual: Unusual },
    response: ServerResponse,
  ): void {
    switch (unusual.token) {
      case 'hangs':
        this.waiting.add(response);
        return;
      case 'endless':
        return this.pour(response);
      case 'redirects':
        response.writeHead(307, { location: `${this.issuer}/elsewhere` }).end();
        return;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
        return;
      case 'used':
        return json(response, 400, { error: 'invalid_grant', error_description: 'used before' });
      case 'fails':
        return json(response, 401, { error: 'invalid_client' });
      case undefined: {
        const seconds = Math.floor(this.now() / 1_000);
        const claims = {
          iss: this.issuer,
          sub: subject,
          aud: 'holdfast',
          iat: seconds,
          exp: seconds + 300,
          auth_time: seconds,
          nonce,
          ...unusual.claims,
        };
        return json(response, 200, {
          access_token: 'of no use',
          token_type: 'Bearer',
          ...(unusual.noIdToken ? {} : { id_token: this.idToken(claims, unusual) }),
        });
      }
    }
  }

  private pour(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => {
      while (!response.destroyed && response.write(' '.repeat(64 * 1024)));
    };
    response.on('drain', more);
    more();
  }

  private idToken(
    claims: Claims,
    { alg = 'RS256', otherKey }: Omit<Unusual, 'alg'> & { readonly alg?: string },
  ): string {
    const said = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
    const content = `${encoded({ alg, ...(alg === 'none' ? {} : { kid: 'one' }) })}.${encoded(said)}`;
    return `${content}.${signature(alg, content, KEYS[otherKey ? 1 : 0].privateKey)}`;
  }
}

function signature(alg: string, content: string, key: KeyObject): string {
  if (alg === 'none') return '';
  if (alg === 'RS256') return sign('sha256', Buffer.from(content), key).toString('base64url');
  // The classic confusion: its public key taken for a secret that both know.
  const secret = KEYS[0].publicKey.export({ format: 'pem', type: 'spki' });
  return createHmac('sha256', secret).update(content).digest('base64url');
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

import { once } from 'node:events';
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { Issued } from '#platform/tls/testing/test-authority';

export interface OldPorts {
  readonly http: number;
  readonly https: number;
}

/**
 * The stand-in for a running Snap Store Proxy: what it documents of its configuration, registration and overrides, with devices relayed to the store,
 * and plain HTTP sent on to HTTPS, as it does once it has a certificate.
 */
export class OldProxy {
  /** Revisions by name of the snap, on stable. */
  readonly overrides = new Map<string, number>();
  private servers: readonly [] | readonly [Server, SecureServer] = [];
  /** Ends what the proxy has begun to say. */
  finishSlow: () => void = () => undefined;

  /**
   * @param certificate with all of its chain
   * @param forwardProxy as it is configured to reach the store, with a user and a password
   */
  constructor(
    private readonly upstream: string,
    private readonly registration: Buffer,
    private readonly certificate: string,
    private readonly key: Issued['keyPem'],
    private ports: OldPorts,
    private readonly forwardProxy: string,
  ) {}

  async start(): Promise<void> {
    const redirect = createServer(({ url }, response) => {
      response.writeHead(301, { location: `https://localhost:${this.ports.https}${url}` }).end();
    });
    const secure = createSecureServer({ cert: this.certificate, key: this.key }, (request, response) => {
      void this.answer(request, response).catch(() => response.destroy());
    });
    redirect.listen(this.ports.http, '127.0.0.1');
    secure.listen(this.ports.https, '127.0.0.1');
    this.servers = [redirect, secure];
    await Promise.all(this.servers.map((server) => once(server, 'listening')));
  }

  async stop(): Promise<void> {
    const closed = this.servers.map(async (server) => {
      const ended = once(server, 'close');
      server.closeAllConnections();
      server.close();
      await ended;
    });
    this.servers = [];
    await Promise.all(closed);
  }

  /** `enterprise-store` with these words. @returns what it prints @throws Error for words that are not documented */
  async typed([verb, ...words]: readonly string[]): Promise<string> {
    const [word = ''] = words;
    if (verb === 'config' && word === '--export-yaml') return this.exported();
    if (verb === 'config' && word.startsWith('proxy.port.')) {
      const values = Object.fromEntries(
        words.map((each) => each.replace('proxy.port.', '').split('=')),
      ) as Record<string, string>;
      const { http = this.ports.http, https = this.ports.https } = values;
      this.ports = { http: Number(http), https: Number(https) };
      await this.stop();
      await this.start();
      return '';
    }
    if (verb === 'list-overrides') {
      const revision = this.overrides.get(word);
      return revision === undefined ? '' : `${word} stable amd64 ${revision} (upstream ${revision + 1})\n`;
    }
    throw new Error(`enterprise-store ${[verb, ...words].join(' ')}: no such command`);
  }

  private exported(): string {
    const pem = (text: string) => `|\n${text.trim().replaceAll(/^/gm, '  ')}\n`;
    return [
      'proxy.domain: localhost',
      `proxy.port.http: ${this.ports.http}`,
      `proxy.port.https: ${this.ports.https}`,
      'proxy.ipaddress: 127.0.0.1',
      `proxy.upstream: ${this.upstream}`,
      `proxy.https.proxy: ${this.forwardProxy}`,
      'proxy.cache.size: 2048',
      `proxy.device-auth.allowed-device-service-urls: '["${this.upstream}"]'`,
      'proxy.admin-emails: ana@site.example',
      `proxy.tls.cert: ${pem(this.certificate)}proxy.tls.key: ${pem(this.key)}`,
    ].join('\n');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path, method, headers } = request;
    if (path === '/download/slow') {
      response.write('begun');
      this.finishSlow = () => response.end(', and ended');
      return;
    }
    if (path === '/v2/auth/store/assertions')
      return void response.writeHead(200, { 'x-assertion-store-id': 'lab-proxy' }).end(this.registration);
    const body = path === '/v2/snaps/refresh' ? this.held(await buffer(request)) : await buffer(request);
    const { hostname, port } = new URL(this.upstream);
    const onwards = ask(
      {
        hostname,
        port,
        path,
        method,
        headers: { ...headers, 'content-length': body.length, 'x-forwarded-proto': 'https' },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onwards.on('error', () => response.destroy());
    onwards.end(body);
  }

  /** What devices ask, with the revisions that are held in place of channels. */
  private held(body: Buffer): Buffer {
    const asked = JSON.parse(body.toString()) as { actions: Record<string, unknown>[] };
    const actions = asked.actions.map(({ channel, ...action }) => {
      const revision = this.overrides.get(String(action['name']));
      return revision === undefined || channel !== 'stable'
        ? { ...action, channel }
        : { ...action, revision };
    });
    return Buffer.from(JSON.stringify({ ...asked, actions }));
  }
}

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { squashfsImage } from '#apps/sandbox-store/src/squashfs/squashfs-image';
import { assertionBytes, type Assertion, type Headers } from '#snap';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import type { SigningAuthority } from './signing-authority.js';

export const SNAP_ID = 'labhelloidlabhelloidlabhelloid01';
export const PUBLISHER = 'labdevlabdevlabdevlabdevlabdev00';
export const SNAP_YAML =
  'name: lab-hello\nversion: 2.0\napps: {hello: {command: bin/hello, plugs: [network]}}\n';
/** With the snap.yaml that the store shows, and a package that its build recorded. */
export const SNAP_CONTENT = squashfsImage(
  [
    { path: 'meta/snap.yaml', content: Buffer.from(SNAP_YAML) },
    { path: 'snap/manifest.yaml', content: Buffer.from('primed-stage-packages: [libc6=2.39-0ubuntu8]\n') },
  ],
  { compress: false },
);

/** What a spec bends before the store answers with it. */
export interface TestStore extends FixtureServer {
  /** The refresh result; a function of the architecture that was asked for. */
  result: (architecture: string) => unknown;
  /** GET info's answer; undefined: 418, as fakestore says. */
  info: unknown;
  readonly assertions: Map<string, Uint8Array>;
  content: Buffer;
  /** Answers a request in the store's place when it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The body of the last refresh request. */
  asked: unknown;
}

/** A store with one snap, lab-hello, of one revision, 5, for all architectures; its chain signed by `authority`. */
export async function testStore(authority: SigningAuthority): Promise<TestStore> {
  const server = await fixtureServer((request, response) => void answer(store, request, response));
  const store: TestStore = Object.assign(server, {
    result: () => ({ result: 'download', 'instance-key': 'download-1', snap: snapObject(server.url) }),
    info: undefined,
    assertions: new Map(chainOf(authority).map((assertion) => [pathOf(assertion), assertion.bytes])),
    content: SNAP_CONTENT,
    intercept: () => false,
    asked: undefined,
  });
  return store;
}

export function snapObject(url: string): Record<string, unknown> {
  return {
    architectures: ['all'],
    base: 'bare',
    confinement: 'strict',
    contact: 'mailto:lab@example.com',
    download: {
      url: `${url}/download/lab-hello_5.snap`,
      size: SNAP_CONTENT.length,
      'sha3-384': sha3(SNAP_CONTENT, 'hex'),
    },
    media: [{ type: 'icon', url: `${url}/icon.png` }],
    name: 'lab-hello',
    publisher: { id: PUBLISHER, username: 'labdev' },
    revision: 5,
    'snap-id': SNAP_ID,
    'snap-yaml': SNAP_YAML,
    type: 'app',
    version: '2.0',
    website: 'https://example.com/lab',
  };
}

export function revisionHeaders(changed: Headers = {}): Headers {
  return {
    'snap-sha3-384': sha3(SNAP_CONTENT, 'base64url'),
    'developer-id': PUBLISHER,
    'snap-id': SNAP_ID,
    'snap-revision': '5',
    'snap-size': String(SNAP_CONTENT.length),
    ...changed,
  };
}

export function declarationHeaders(changed: Headers = {}): Headers {
  return {
    series: '16',
    'snap-id': SNAP_ID,
    'publisher-id': PUBLISHER,
    'snap-name': 'lab-hello',
    ...changed,
  };
}

export function pathOf({ type, primaryKey }: Pick<Assertion, 'type' | 'primaryKey'>): string {
  return ['/v2/assertions', type, ...primaryKey].join('/');
}

/** The same assertion with a signature that isn't its own. */
export function withSignatureOf(assertion: Assertion, other: Assertion): Uint8Array {
  return assertionBytes(assertion.content, other.signature);
}

function chainOf(authority: SigningAuthority): Assertion[] {
  return [
    authority.sign('snap-revision', revisionHeaders()),
    authority.sign('snap-declaration', declarationHeaders()),
    authority.signAccount(PUBLISHER),
    authority.storeKey,
    authority.rootKey,
    authority.account,
  ];
}

async function answer(store: TestStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (store.intercept(request, response)) return;
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const assertion = store.assertions.get(path);
  if (path === '/v2/snaps/refresh') {
    store.asked = await json(request);
    const result = store.result(String(request.headers['snap-device-architecture']));
    response.end(JSON.stringify({ results: result === undefined ? [] : [result] }));
  } else if (path === '/v2/snaps/info/lab-hello' && store.info !== undefined) {
    response.end(JSON.stringify(store.info));
  } else if (path.startsWith('/download/')) {
    response.end(store.content);
  } else if (path.startsWith('/v2/assertions/')) {
    response.writeHead(assertion ? 200 : 404).end(assertion);
  } else {
    response.writeHead(418).end();
  }
}

function sha3(content: Buffer, encoding: 'hex' | 'base64url'): string {
  return createHash('sha3-384').update(content).digest(encoding);
}

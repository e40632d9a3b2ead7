import { canonicalBytes, type JsonObject } from '#kernel';
import { parseAssertion } from '#snap';
import type { RelayedAnswer, UpstreamStore } from '#upstream/published';

/** What a store did, and whether it is what this version relies on. Nothing that says who asked, but for a forward proxy's address where the way through it fails. */
export interface Seen {
  readonly probe: string;
  /** Undefined: as expected. */
  readonly otherwise?: string;
  /** For whoever reads the report: statuses, types, names of members, hosts. */
  readonly facts: readonly string[];
}

export interface ProbePorts {
  readonly upstream: UpstreamStore;
  /** A snap that the store has. */
  readonly snap: string;
  readonly architecture: string;
}

/** A question to a store. Reads only; the section of the protocol page says what is relied on. */
export interface Probe {
  readonly name: string;
  run(ports: ProbePorts): Promise<Omit<Seen, 'probe'>>;
}

const DEVICE_HEADERS = {
  'snap-device-series': '16',
  'snap-device-capabilities': 'default-tracks',
  'user-agent': 'holdfast check-upstream',
};
/** No store has it. */
const NO_SUCH_REVISION = 2_147_483_647;

export const PROBES: readonly Probe[] = [
  {
    name: 'root',
    async run({ upstream }) {
      const answer = await upstream.relay({ method: 'HEAD', path: '/' });
      const version = answer.headers['snap-store-version'];
      const late = version === undefined || Number(version) < 6;
      return {
        facts: [statusOf(answer), `snap-store-version ${version ?? 'none'}`],
        ...(late
          ? { otherwise: 'no snap-store-version of 6 or more: devices would not register (8.1)' }
          : {}),
      };
    },
  },
  {
    name: 'info',
    async run({ upstream, snap, architecture }) {
      const path = `/v2/snaps/info/${encodeURIComponent(snap)}?architecture=${encodeURIComponent(architecture)}&fields=channel-map,revision,version,name,snap-id,publisher`;
      const answer = await upstream.relay({ method: 'GET', path, headers: DEVICE_HEADERS });
      const body = objectOf(answer);
      const map = body?.['channel-map'];
      return {
        facts: [...described(answer, body), `${Array.isArray(map) ? map.length : 'no'} channels`],
        ...unless(answer.status === 200 && Array.isArray(map), '200 with a channel-map (5.1)'),
      };
    },
  },
  {
    name: 'info of a snap that there is not',
    async run({ upstream }) {
      const path = '/v2/snaps/info/holdfast-there-is-no-such-snap';
      const answer = await upstream.relay({ method: 'GET', path, headers: DEVICE_HEADERS });
      return {
        facts: described(answer, objectOf(answer)),
        ...unless(answer.status === 404, 'status 404 (5.1)'),
      };
    },
  },
  {
    name: 'refresh: download',
    async run(ports) {
      const { answer, result } = await refreshed(ports, { channel: 'stable' });
      const snap = objectIn(result, 'snap');
      const url = URL.parse(textIn(objectIn(snap, 'download'), 'url'));
      return {
        facts: [
          ...described(answer, objectOf(answer)),
          `result ${String(result?.['result'])}`,
          `members of snap: ${Object.keys(snap ?? {})
            .sort()
            .join(' ')}`,
          `download from ${url?.host ?? 'no address'}`,
        ],
        ...unless(
          result?.['result'] === 'download' && url !== null,
          'a result "download" with an address (4.3)',
        ),
      };
    },
  },
  {
    name: 'refresh: a revision that there is not',
    async run(ports) {
      const { answer, result } = await refreshed(ports, { revision: NO_SUCH_REVISION });
      const code = String(objectIn(result, 'error')?.['code']);
      return {
        facts: [statusOf(answer), `result ${String(result?.['result'])}`, `code ${code}`],
        ...unless(code === 'revision-not-found', 'an error result "revision-not-found" (4.4)'),
      };
    },
  },
  {
    name: 'snap-declaration',
    async run(ports) {
      const { result } = await refreshed(ports, { channel: 'stable' });
      const id = textIn(result, 'snap-id');
      const path = `/v2/assertions/snap-declaration/16/${encodeURIComponent(id)}?max-format=6`;
      const headers = { accept: 'application/x.ubuntu.assertion' };
      const answer = await ports.upstream.relay({ method: 'GET', path, headers });
      const readable = answer.status === 200 && isAssertion(answer.body);
      return {
        facts: [statusOf(answer), typeOf(answer)],
        ...unless(readable, 'an assertion that can be read (7)'),
      };
    },
  },
  {
    name: 'an assertion that there is not',
    async run({ upstream }) {
      const headers = { accept: 'application/x.ubuntu.assertion' };
      const path = '/v2/assertions/account/holdfastthereisnosuchaccount0000';
      const answer = await upstream.relay({ method: 'GET', path, headers });
      return {
        facts: described(answer, objectOf(answer)),
        ...unless(answer.status === 404, 'status 404 (7)'),
      };
    },
  },
  {
    name: 'download: a range',
    async run(ports) {
      const { result } = await refreshed(ports, { channel: 'stable' });
      const url = textIn(objectIn(objectIn(result, 'snap'), 'download'), 'url');
      const { status, headers, body } = await ports.upstream.download(url, { range: 'bytes=0-0' });
      body.destroy();
      return {
        facts: [`status ${status}`, `content-range ${headers['content-range']?.split('/')[0] ?? 'none'}`],
        ...unless(status === 206, 'status 206 (6)'),
      };
    },
  },
  ...[
    '/v2/snaps/find?q=hello',
    '/v2/snaps/categories',
    '/api/v1/snaps/sections',
    '/api/v1/snaps/names?confinement=strict',
  ].map((path): Probe => ({
    name: path.split('?')[0] ?? path,
    async run({ upstream, architecture }) {
      const headers = {
        ...DEVICE_HEADERS,
        'snap-device-architecture': architecture,
        'x-ubuntu-series': '16',
      };
      const answer = await upstream.relay({ method: 'GET', path, headers });
      return {
        facts: described(answer, objectOf(answer)),
        ...unless(answer.status === 200, 'status 200 (5)'),
      };
    },
  })),
];

async function refreshed(
  { upstream, snap, architecture }: ProbePorts,
  wanted: JsonObject,
): Promise<{ answer: RelayedAnswer; result: Readonly<Record<string, unknown>> | undefined }> {
  const action = { action: 'download', 'instance-key': 'probe', name: snap, epoch: null, ...wanted };
  const fields = ['architectures', 'deltas', 'download', 'epoch', 'name', 'revision', 'snap-id', 'version'];
  const answer = await upstream.relay({
    method: 'POST',
    path: '/v2/snaps/refresh',
    headers: {
      ...DEVICE_HEADERS,
      'snap-device-architecture': architecture,
      'content-type': 'application/json',
    },
    body: canonicalBytes({ context: [], actions: [action], fields }),
  });
  const results = objectOf(answer)?.['results'];
  return { answer, result: Array.isArray(results) ? object(results[0]) : undefined };
}

function isAssertion(bytes: Uint8Array): boolean {
  try {
    return parseAssertion(bytes).type !== '';
  } catch {
    return false;
  }
}

const unless = (good: boolean, expected: string): { readonly otherwise?: string } =>
  good ? {} : { otherwise: `expected ${expected}` };

const statusOf = ({ status }: RelayedAnswer): string => `status ${status}`;
const typeOf = ({ headers }: RelayedAnswer): string => headers['content-type'] ?? 'no content type';

function described(answer: RelayedAnswer, body: Readonly<Record<string, unknown>> | undefined): string[] {
  const members = body === undefined ? 'no JSON object' : `members: ${Object.keys(body).sort().join(' ')}`;
  return [statusOf(answer), typeOf(answer), members.slice(0, 300)];
}

function objectOf({ body }: RelayedAnswer): Readonly<Record<string, unknown>> | undefined {
  try {
    return object(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

function objectIn(
  value: Readonly<Record<string, unknown>> | undefined,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  return object(value?.[name]);
}

/** Empty where there is none. */
function textIn(value: Readonly<Record<string, unknown>> | undefined, name: string): string {
  const text = value?.[name];
  return typeof text === 'string' ? text : '';
}

function object(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import type { S3Location } from '#blob-store/blobs-url';
import { HttpUpstreamStore, readWayOut, upstreamSettings, type WayOut } from '#upstream/published';
import type { ConnectionsConfig } from './config.js';

/** Somebody whom worker or proxy must reach. */
export interface Connection {
  /** As the incumbent names them: `http: https://api.snapcraft.io`, `postgres: localhost`. */
  readonly name: string;
  /** @returns what is to be said besides, in brackets. Throws when it cannot be reached */
  reach(): Promise<string | undefined>;
}

const PATIENCE_MS = 10_000;

/** Each of them once, the forward proxy first. @throws ConfigError for files that settings name */
export async function connectionsOf(config: ConnectionsConfig): Promise<Connection[]> {
  const wayOut = await readWayOut(config);
  const { databaseUrl, blobs } = config;
  const urls = [config.upstreamUrl, ...listed(config.upstreamOrigins), ...listed(config.deviceServices)];
  return [
    ...(wayOut.proxy ? [forwardProxy(wayOut.proxy.url)] : []),
    ...[...new Set(urls.map((url) => new URL(url).origin))].map((origin) => web(origin, wayOut)),
    ...(databaseUrl === undefined ? [] : [postgres(databaseUrl)]),
    ...(blobs === undefined ? [] : [bucket(blobs)]),
  ];
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

function forwardProxy(url: URL): Connection {
  return {
    name: `proxy: ${url.origin}`,
    async reach() {
      const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
      const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port });
      try {
        await once(socket, 'connect', { signal: AbortSignal.timeout(PATIENCE_MS) });
      } finally {
        socket.destroy();
      }
      return undefined;
    },
  };
}

/**
 * Asked as snapd's own connectivity check asks a store (protocol page 5.7). Any answer is one: it came the whole way. Of a plain http host it
 * may be the forward proxy's own, which nothing tells apart: then it is said.
 */
function web(origin: string, wayOut: WayOut): Connection {
  const asksProxy = origin.startsWith('http:') && wayOut.proxy?.direct(new URL(origin)) === false;
  return {
    name: `http: ${origin}`,
    async reach() {
      const store = new HttpUpstreamStore(upstreamSettings(origin, '', {}, wayOut));
      try {
        const { status } = await store.relay({ method: 'HEAD', path: '/' });
        if (status >= 400 && asksProxy) return `it, or the forward proxy, answers with status ${status}`;
        return status >= 500 ? `it answers with status ${status}` : undefined;
      } finally {
        await store.close();
      }
    },
  };
}

function postgres(url: string): Connection {
  return {
    name: `postgres: ${new URL(url).hostname}`,
    async reach() {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS });
      // A connection that breaks later says so here as well.
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.query('select 1');
      } finally {
        await client.end();
      }
      return undefined;
    },
  };
}

function bucket(location: S3Location): Connection {
  return {
    name: `bucket: ${location.bucket}`,
    async reach() {
      const [{ S3Connection }, { S3BlobReader }] = await Promise.all([
        import('#blob-store/s3/s3-connection'),
        import('#blob-store/s3/s3-blob-reader'),
      ]);
      const s3 = new S3Connection(location);
      try {
        await new S3BlobReader(s3).list().next();
      } finally {
        s3.close();
      }
      return undefined;
    },
  };
}

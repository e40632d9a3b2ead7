import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import type { S3Location } from '#blob-store/blobs-url';
import { readWayOut } from '#upstream/published';
import type { SiteConnectionsConfig } from './config.js';
import type { Connection } from './connection.js';
import { identityProvider } from './identity-provider.js';
import { sinkConnections } from './sinks.js';
import { listed, web } from './web.js';

const PATIENCE_MS = 10_000;

/** Each of them once, the forward proxy first. @throws ConfigError for files that settings name */
export async function connectionsOf(config: SiteConnectionsConfig): Promise<Connection[]> {
  const wayOut = await readWayOut(config);
  const { databaseUrl, blobs } = config;
  const urls = [config.upstreamUrl, ...listed(config.upstreamOrigins), ...listed(config.deviceServices)];
  return [
    ...(wayOut.proxy ? [forwardProxy(wayOut.proxy.url)] : []),
    ...[...new Set(urls.map((url) => new URL(url).origin))].map((origin) => web(origin, wayOut)),
    ...(databaseUrl === undefined ? [] : [postgres(databaseUrl)]),
    ...(blobs === undefined ? [] : [bucket(blobs)]),
    ...(await identityProvider(config, wayOut)),
    ...(await sinkConnections(config, wayOut)),
  ];
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

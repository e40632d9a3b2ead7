import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import { isAlive, readPidFile, servesFolder } from '#platform/database/postmaster';
import { prepareDatabase } from '#platform/database/prepare-database';

/** How test files find the cluster. */
export interface ClusterAddress {
  /** The superuser's URL; its database is not for tests. */
  readonly ownerUrl: string;
  /** Hex; what the roles' passwords derive from. */
  readonly siteKey: string;
}

export const TEMPLATE = 'holdfast_template';

/** A cluster that forgets on a crash, with a prepared database to clone. */
export class TestCluster {
  private constructor(
    readonly address: ClusterAddress,
    private readonly server: EmbeddedPostgres,
    private readonly folder: string,
  ) {}

  static async start(folder: string): Promise<TestCluster> {
    const server = await EmbeddedPostgres.start({
      folder,
      passwordFile: path.join(folder, 'password'),
      durable: false,
      settings: { max_connections: '300', shared_buffers: '64MB' },
    });
    const siteKey = randomBytes(32);
    const client = new pg.Client({ connectionString: server.ownerUrl });
    await client.connect();
    await client.query(`create database ${TEMPLATE}`);
    await client.end();
    const template = new URL(server.ownerUrl);
    template.pathname = `/${TEMPLATE}`;
    await prepareDatabase(template.href, siteKey);
    return new TestCluster({ ownerUrl: server.ownerUrl, siteKey: siteKey.toString('hex') }, server, folder);
  }

  /** Ends the server of a run that is no more. */
  static async abandoned(folder: string): Promise<void> {
    const data = path.join(folder, 'data');
    const found = await readPidFile(data);
    if (!found || !(await servesFolder(found.pid, data))) return;
    process.kill(found.pid, 'SIGQUIT');
    while (isAlive(found.pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import { prepareDatabase } from '#platform/database/prepare-database';
import { roleUrl, type DatabaseRole } from '#platform/database/role-url';

/** A PostgreSQL server for one benchmark, as `holdfast up` would start it: fsync on, its settings its own. */
export class BenchDatabase {
  private constructor(
    readonly ownerUrl: string,
    /** The site's: 32 bytes. */
    readonly key: Uint8Array,
    private readonly server: EmbeddedPostgres,
    private readonly folder: string,
  ) {}

  static async start(): Promise<BenchDatabase> {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
    const server = await EmbeddedPostgres.start({ folder, passwordFile: path.join(folder, 'password') });
    const siteKey = randomBytes(32);
    await prepareDatabase(server.ownerUrl, siteKey);
    return new BenchDatabase(server.ownerUrl, siteKey, server, folder);
  }

  url(role: DatabaseRole): string {
    return roleUrl(this.ownerUrl, role, this.key);
  }

  /** Another, empty database on the same server; its owner's URL. */
  async another(name: string): Promise<string> {
    const client = new pg.Client({ connectionString: this.ownerUrl });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    const url = new URL(this.ownerUrl);
    url.pathname = `/${name}`;
    return url.href;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

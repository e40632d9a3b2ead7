import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { roleUrl, type DatabaseRole } from '#platform/database/role-url';
import { TEMPLATE, type ClusterAddress } from './test-cluster.js';

export interface TestDatabase {
  /** Superuser and owner. */
  readonly ownerUrl: string;
  /** 32 bytes. */
  readonly siteKey: Buffer;
  /** The URL with which a server of that name connects. */
  url(role: DatabaseRole): string;
}

/** A fresh, prepared database of the run's cluster: one per spec file, in `beforeAll`. It goes with the cluster. */
export async function testDatabase(): Promise<TestDatabase> {
  return cloneOf(TEMPLATE);
}

/** As {@link testDatabase}, but without roles' schemas and tables: for what prepares a database itself. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return cloneOf('template0');
}

async function cloneOf(template: string): Promise<TestDatabase> {
  const { ownerUrl, siteKey } = await clusterAddress();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`create database ${name} template ${template}`);
  } finally {
    await client.end();
  }
  const url = new URL(ownerUrl);
  url.pathname = `/${name}`;
  const key = Buffer.from(siteKey, 'hex');
  return { ownerUrl: url.href, siteKey: key, url: (role) => roleUrl(url.href, role, key) };
}

async function clusterAddress(): Promise<ClusterAddress> {
  const response = await fetch(inject('clusterAt'));
  if (!response.ok) throw new Error(`the test cluster did not start: ${await response.text()}`);
  return (await response.json()) as ClusterAddress;
}

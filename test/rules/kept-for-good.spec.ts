import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What takes something away: a file, an object of a bucket, rows, a table. */
const REMOVAL =
  /\b(?:rm|rmSync|rmdir|rmdirSync|unlink|unlinkSync|ftruncate)\(|\bDeleteObjects?Command\(|\b(?:delete from|drop table(?: if exists)?|truncate(?: table)?(?! on\b))\s+[a-z"$]/gi;

/** All that removes anything, how often, and why that is no record: neither an event, nor a kept blob, nor an attachment, nor a sealed entry. */
const REMOVES: readonly (readonly [what: string, files: Readonly<Record<string, number>>])[] = [
  [
    'what is not finished, or stands elsewhere in full: temporary files, copies of a setting, a running server’s marks',
    {
      'apps/cli/src/commands/change/attachment.ts': 1,
      'apps/cli/src/trail/write-copy.ts': 2,
      'apps/host/src/import-certificate/place-certificate.ts': 2,
      'apps/host/src/import-certificate/put-file.ts': 1,
      'apps/host/src/invite-first-admin.ts': 1,
      'apps/host/src/restore/restore-marker.ts': 1,
      'apps/host/src/restore/restore.ts': 1,
      'apps/host/src/run-file.ts': 1,
      'apps/host/src/secret-files.ts': 1,
      'apps/host/src/server-folders.ts': 1,
      'apps/host/src/setting-files.ts': 1,
      'libs/blob-store/src/filesystem/recovery.ts': 1,
      'libs/blob-store/src/s3/spool.ts': 2,
      'libs/fleet/src/node/node-folder.ts': 2,
      'libs/ledger/src/durable-file.ts': 1,
      'libs/ledger/src/staging.ts': 4,
      'libs/platform/src/database/cluster-folder.ts': 3,
      'libs/platform/src/database/embedded-postgres.ts': 2,
      'libs/platform/src/database/postgres-binaries.ts': 3,
    },
  ],
  [
    'the store assertion that devices are given, when somebody ends the registration: an event says which it was',
    { 'apps/host/src/register/register.ts': 1 },
  ],
  [
    'of a blob what was half written, the mark that somebody writes, the second name of a whole one; a damaged one is moved to the quarantine, and stays there',
    {
      'libs/blob-store/src/filesystem/filesystem-blob-store.ts': 2,
      'libs/blob-store/src/filesystem/quarantine.ts': 1,
      'libs/blob-store/src/s3/s3-scrubbed-blobs.ts': 1,
    },
  ],
  ['a part of a tile whose whole is sealed', { 'libs/ledger/src/ledger-writer.ts': 1 }],
  [
    'in a backup what the one that was just completed does not need: the settings and secrets of the one before, parts of tiles; never a blob',
    { 'apps/host/src/backup/backup-folder.ts': 2 },
  ],
  [
    'what a proxy holds of it: artefacts in its cache, manifests, records that control has taken; all are copies',
    {
      'libs/fleet/src/spool/spool.ts': 1,
      'libs/serving/src/downloads/artefact-cache.ts': 3,
      'libs/serving/src/downloads/cache-space.ts': 1,
      'libs/serving/src/downloads/small-copies.ts': 3,
      'libs/serving/src/manifests/manifest-shelf.ts': 1,
    },
  ],
  [
    'rows of read models, which the events make anew',
    {
      'apps/projector/src/old-versions.ts': 2,
      'libs/catalog/src/projections/upstream-offers/projection.ts': 1,
      'libs/catalog/src/projections/watched-snaps/projection.ts': 1,
      'libs/fleet/src/projections/nodes/projection.ts': 1,
      'libs/platform/src/read-models/generations.ts': 1,
      'libs/platform/src/read-models/schema.ts': 1,
      'libs/release-control/src/projections/approved-declarations/projection.ts': 1,
    },
  ],
  [
    'how far a sink or a reactor is, answers to requests of yesterday, when sessions of yesterday were used last, a sealed secret that is not the one in force',
    {
      'libs/identity/src/sessions/session-use-store.ts': 1,
      'libs/notifications/src/delivery/sink-positions.ts': 5,
      'libs/platform/src/database/migrations.ts': 1,
      'libs/platform/src/idempotency/taken-requests.ts': 3,
      'libs/platform/src/sealed/sealed-values.ts': 1,
    },
  ],
];

const sources = globSync('{apps,libs}/**/*.{ts,mjs}').filter(
  (file) =>
    !/\.(?:spec|contract)\.ts$|\/testing[/-]|\/(?:fixtures|contract|fake)\/|^apps\/(?:demo|sandbox-store)\//.test(
      file,
    ),
);

function removalsIn(text: string): number {
  return [...text.matchAll(REMOVAL)].length;
}

describe('R10: what is a record is kept for good', () => {
  it('whatever the product removes is known, and none of it is a record', () => {
    const found = sources
      .map((file) => [file, removalsIn(readFileSync(file, 'utf8'))] as const)
      .filter(([, count]) => count > 0);
    const known = REMOVES.flatMap(([, files]) => Object.entries(files));
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(known));
  });

  it('no statement removes an event or an attachment', () => {
    const of =
      /\b(?:delete from|truncate(?: table)?|drop table(?: if exists)?)\s+(?:events|attachments|holdfast)\b/i;
    expect(sources.filter((file) => of.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('what kept blobs are reached through has no way to remove one', () => {
    const port = readFileSync('libs/blob-store/src/port.ts', 'utf8');
    const methods = [...port.matchAll(/^ {2}(\w+)\(/gm)].map(([, name = '']) => name);
    expect(methods.toSorted()).toEqual(['list', 'open', 'put', 'quarantine', 'read', 'size', 'verify']);
  });

  it.each([
    `await rm(path.join(kept, digest), { force: true })`,
    `await unlink(file)`,
    `client.send(new DeleteObjectCommand({ Key }))`,
    'pool.query(`delete from attachments.part where file = $1`)',
    'pool.query(`truncate table events.event`)',
  ])('%s would be found', (planted) => {
    expect(removalsIn(planted)).toBe(1);
  });
});

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { FilesystemBlobStore } from '#blob-store/filesystem/filesystem-blob-store';
import type { S3Location } from '#blob-store/blobs-url';
import type { BlobStore } from '#blob-store/port';
import { S3BlobStore } from '#blob-store/s3/s3-blob-store';
import { S3Connection } from '#blob-store/s3/s3-connection';
import { captureRevision } from '#catalog/published';
import { systemClock } from '#kernel';
import { closeInOrder } from '#platform/http/close-in-order';
import { createLogger, type Logger } from '#platform/logging/logger';
import type { MembershipRule } from '#release-control/domain/membership/rule';
import { buildMembership } from '#release-control/membership-document/build';
import {
  ALL_RINGS,
  membershipBytes,
  membershipNoteText,
  policyBytes,
  policyKeyName,
  policyNoteText,
  type MembershipDocument,
  type PolicyDocument,
  type PolicyEntry,
} from '#release-control/published';
import {
  FOR_ITS_NAME,
  PolicyDocumentProjection,
} from '#release-control/policy-document/policy-document-projection';
import { canonicalTrustRoots, loadTrustRoots } from '#snap';
import { emptyReadModels } from '#test/support/read-models';
import { testDatabase } from '#test/support/test-database';
import { noteSigner, signNote } from '#tlog';
import type { ServingEvents } from '#serving/published';
import { HttpUpstreamStore, upstreamSettings } from '#upstream/published';
import { adapters, type Adapters } from '../adapters.js';
import { ProxyConfig } from '../config.js';
import { createProxy } from '../proxy.js';
import { Gate } from './gate.js';
import { readPolicyKey } from '../secrets.js';
import { openShadow } from '../shadow.js';
import { RecordedComparisons } from './recorded-comparisons.js';
import { RecordedEvents } from './recorded-events.js';

export const ORIGIN = 'holdfast.example/test';
const DEFAULT = 'default';
export const policyKey = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 1));

export interface RunningProxy {
  readonly url: string;
  readonly events: RecordedEvents;
  /** Of a shadow. */
  readonly compared: RecordedComparisons;
  readonly made: Adapters;
  stop(): Promise<void>;
}

/** Where a proxy says what happens: beside, or in the place of, what tests wait for. */
export interface Told {
  readonly logger: Logger;
  readonly events: (recorded: RecordedEvents) => ServingEvents;
}

const SILENT: Told = { logger: createLogger('proxy', 'silent'), events: (recorded) => recorded };

/** All that a proxy stands between: an upstream store, kept blobs, a database with signed policies. The proxy is the real one, on real sockets. */
export class ProxySite {
  position = 0;
  private readonly running = new Set<RunningProxy>();

  private constructor(
    readonly folder: string,
    readonly store: SandboxStore,
    readonly upstream: Gate,
    readonly database: Gate,
    private readonly kept: BlobStore,
    private readonly bucket: S3Location | undefined,
    readonly rows: Client,
  ) {}

  /** @param bucket for the kept blobs, in place of the folder */
  static async start(bucket?: S3Location): Promise<ProxySite> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-proxy-'));
    const store = await startSandboxStore({
      dir: join(folder, 'store'),
      keysDir: join(folder, 'store-keys'),
    });
    const database = await testDatabase();
    const rows = new Client({ connectionString: database.url('projector') });
    await rows.connect();
    await emptyReadModels(rows, [new PolicyDocumentProjection(FOR_ITS_NAME)]);
    await writeFile(join(folder, 'proxy.key'), 'ab'.repeat(32));
    await writeFile(join(folder, 'policy.vkey'), `${policyKey.vkey}\n`);
    const kept = bucket
      ? await S3BlobStore.open(new S3Connection(bucket), join(folder, 'spool'))
      : await FilesystemBlobStore.open(join(folder, 'kept'));
    const gates = await Promise.all([Gate.open(store.url), Gate.open(database.url('proxy'))]);
    const site = new ProxySite(folder, store, ...gates, kept, bucket, rows);
    await site.members({}, {}, '0');
    return site;
  }

  /** Captures as the worker does: entries for amd64 and arm64, as far as the revision has them. */
  async capture(name: string, channel: string, revision: number): Promise<PolicyEntry[]> {
    const upstream = new HttpUpstreamStore(upstreamSettings(this.store.url));
    try {
      const targets = await captureRevision(
        { name, channel, revision },
        {
          upstream,
          kept: this.kept,
          roots: await this.roots(),
          architectures: ['amd64', 'arm64'],
          clock: systemClock,
        },
      );
      return targets.map(({ target, version, manifest }) => ({ ...target, name, version, manifest }));
    } finally {
      await upstream.close();
    }
  }

  /** The next policy, signed, in its row. */
  async hold(...entries: readonly PolicyEntry[]): Promise<PolicyDocument> {
    return await this.decide('open', entries);
  }

  /** As {@link hold}, of a ring with this access policy. @param lists of a document with lists */
  async decide(
    access: PolicyDocument['access'],
    entries: readonly PolicyEntry[],
    lists?: Pick<PolicyDocument, 'denied' | 'allowed' | 'blocked' | 'ringHalted' | 'halted'>,
    ring = DEFAULT,
  ): Promise<PolicyDocument> {
    const halts = lists?.halted || lists?.ringHalted ? { ringHalted: false, halted: [] } : undefined;
    const document: PolicyDocument = {
      v: halts ? 3 : lists ? 2 : 1,
      origin: ORIGIN,
      ring,
      access,
      position: String(++this.position),
      root: Buffer.alloc(32).toString('base64'),
      entries,
      ...(lists ? { denied: [], allowed: [], blocked: [], ...halts, ...lists } : {}),
    };
    await this.write(
      policyBytes(document),
      signNote(policyNoteText(document), [policyKey]),
      document.position,
      ring,
    );
    return document;
  }

  /** Who is in which ring, signed, in its row: `default`, `pilot`, `production` are the order of the rings. Nobody by a rule, from the beginning. */
  async members(
    rules: Readonly<Record<string, readonly MembershipRule[]>>,
    lists: Readonly<Record<string, readonly string[]>> = {},
    position = String(++this.position),
  ): Promise<MembershipDocument> {
    const document = buildMembership(
      {
        rings: [DEFAULT, 'pilot', 'production'],
        members: new Map(Object.entries(rules)),
        lists: new Map(
          Object.entries(lists).map(([list, devices]) => [
            list,
            [{ version: 1, digest: '', count: devices.length, devices }],
          ]),
        ),
      },
      { origin: ORIGIN, position, root: '' },
    );
    const note = signNote(membershipNoteText(document), [policyKey]);
    await this.write(membershipBytes(document), note, document.position, ALL_RINGS);
    return document;
  }

  /** Any row at all. */
  async write(document: Uint8Array, note: string, position: string, ring = DEFAULT): Promise<void> {
    await this.rows.query(
      `insert into read.policy_document_v1 (ring, position, document, note) values ($1, $2, $3, $4)
       on conflict (ring) do update set position = excluded.position, document = excluded.document, note = excluded.note`,
      [ring, position, Buffer.from(document), note],
    );
    await this.rows.query(`select pg_notify('holdfast_policy', $1)`, [ring]);
  }

  /** @param upstreamUrl in place of the store @param more settings */
  async proxy(
    cache = 'cache',
    upstreamUrl = this.upstream.url,
    more: Partial<ProxyConfig> = {},
    { logger, events: toldOf }: Told = SILENT,
  ): Promise<RunningProxy> {
    const config = Object.assign(new ProxyConfig(), {
      databaseUrl: this.database.url,
      policyVkeyFile: join(this.folder, 'policy.vkey'),
      proxyKeyFile: join(this.folder, 'proxy.key'),
      blobs: this.bucket,
      keptDir: join(this.folder, 'kept'),
      cacheDir: join(this.folder, cache),
      upstreamUrl,
      ...more,
    });
    const events = new RecordedEvents();
    const told = toldOf(events);
    const made = await adapters(config, await readPolicyKey(join(this.folder, 'policy.vkey')), told);
    const compared = new RecordedComparisons();
    const opened = await openShadow(config, made.serving, told, compared, logger);
    const app = await createProxy(opened?.shadow ?? made.serving, told, logger);
    await made.obedience.start();
    await app.listen(0, '127.0.0.1');
    const proxy: RunningProxy = {
      url: await app.getUrl(),
      events,
      compared,
      made,
      stop: async () => {
        this.running.delete(proxy);
        await closeInOrder(app, 0);
        await opened?.close();
        await made.close();
      },
    };
    this.running.add(proxy);
    return proxy;
  }

  async close(): Promise<void> {
    for (const proxy of this.running) await proxy.stop();
    await this.upstream.shut();
    await this.database.shut();
    await this.rows.end();
    await this.store.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async roots() {
    const { trustRootsDir } = this.store;
    const files = await readdir(trustRootsDir);
    const texts = await Promise.all(files.map((file) => readFile(join(trustRootsDir, file), 'utf8')));
    return loadTrustRoots(texts, canonicalTrustRoots());
  }
}

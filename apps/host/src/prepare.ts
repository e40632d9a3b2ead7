import { systemClock, uuidv7, type CommandContext } from '#kernel';
import { eventStoreKind } from '#event-store/event-store-kind';
import { ConfigError } from '#platform/config';
import { StreamWriter } from '#platform/decide-and-append';
import { prepareDatabase } from '#platform/database/prepare-database';
import { withClient } from '#platform/database/with-client';
import { useStore } from '#site/own-store/store-in-use';
import { settings, SETTINGS_STREAM, type SetSettings } from '#site/domain/settings/settings';
import { sinksKey } from '#notifications/secrets/sinks-key';
import { site, SITE_STREAM, type SiteIdentity } from '#site/domain/site';
import { noteSigner } from '#tlog';
import { NodeFolder } from '#fleet/node/node-folder';
import { enrolOwnProxy } from './enrol-own-proxy.js';
import { refuseStoreBehind } from './history/refuse-store-behind.js';
import type { Home } from './home.js';
import { stageFile } from './import-certificate/put-file.js';
import { inviteFirstAdmin, type Invitation } from './invite-first-admin.js';
import { openKey, type KeyFiles } from './key-files.js';
import { ledgerFolders } from './ledger-folders.js';
import { requireNewSite } from './require-new-site.js';
import { refuseWhileRestoring } from './restore/restore-marker.js';
import { openStoreInUse } from './store-in-use.js';
import { readSecret, writeSecret } from './secret-files.js';
import { openSecrets, type OpenedSecrets } from './setting-files.js';

export interface PrepareOptions {
  readonly home: Home;
  readonly keys: KeyFiles;
  /** Logs in as the owner of the database. */
  readonly ownerUrl: string;
  /** EventStoreDB, when the events are to be there. */
  readonly eventStoreUrl?: string | undefined;
  /** The site's name, when it isn't founded yet; made up when absent. */
  readonly origin?: string;
  /** IANA name of the site's zone. */
  readonly zone: string;
  /** Where the ledger and its last checkpoint are, when not in the home. */
  readonly ledgerDir?: string | undefined;
  readonly ledgerSecondDir?: string | undefined;
  /** Of the proxy that runs in this home; absent when none does. */
  readonly nodeDir?: string | undefined;
}

export interface Prepared {
  readonly siteKey: Buffer;
  readonly identity: SiteIdentity;
  /** What the site's people set. */
  readonly settings: SetSettings;
  /** The secrets among them. */
  readonly opened: OpenedSecrets;
  /** Of the first admin, when this made one. */
  readonly invitation: Invitation | undefined;
}

/**
 * Makes whatever a site lacks: folders, keys, the database's roles and tables, the first event, the first admin. Running it again
 * changes nothing, and finishes what a crash interrupted.
 * @throws SiteError when the event store is another site's, not the one that this site's history is in, or empty although the site is not new;
 * LedgerError and SiteError `store-behind` when it lacks events that were sealed; BackupError `restore-unfinished`
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { home, keys, ownerUrl, eventStoreUrl, origin, zone } = options;
  await refuseWhileRestoring(home);
  await home.make();
  const siteKey = await openKey(keys.site, true);
  await openKey(keys.proxy, true);
  await writeSinksKey(home, siteKey);
  await prepareDatabase(ownerUrl, siteKey);
  const ledger = ledgerFolders(home, options);
  // What EventStoreDB lacks, the projector says: counting it means reading it.
  if (eventStoreUrl === undefined) await refuseStoreBehind(home, ledger, ownerUrl);
  const { store, inUse } = await openStoreInUse(ownerUrl, eventStoreUrl);
  try {
    const writer = new StreamWriter(store, zone);
    const { state: founded } = await writer.load(site, SITE_STREAM);
    if (founded === null) await requireNewSite(ledger, store, inUse);
    const identity = await identityOf(home, keys, founded?.origin, origin);
    await writer.decideAndAppend(site, SITE_STREAM, { type: 'FoundSite', context: firstStart(), identity });
    await withClient(ownerUrl, (client) =>
      useStore((text, values) => client.query(text, values), eventStoreKind(eventStoreUrl)),
    );
    if (options.nodeDir !== undefined) await enrolOwnProxy(new NodeFolder(options.nodeDir), writer, identity);
    const invitation = await inviteFirstAdmin(home, writer, ownerUrl);
    const { state } = await writer.load(settings, SETTINGS_STREAM);
    const opened = await openSecrets(ownerUrl, siteKey, state.secrets);
    return { siteKey, identity, settings: state, opened, invitation };
  } finally {
    await store.close();
  }
}

/** The keys are made for a site that isn't founded, and then belong to it. */
async function identityOf(
  home: Home,
  keys: KeyFiles,
  founded: string | undefined,
  wanted: string | undefined,
): Promise<SiteIdentity> {
  const make = founded === undefined;
  const [ledgerSeed, policySeed] = [await openKey(keys.ledger, make), await openKey(keys.policy, make)];
  const begun = (await readSecret(home.secret('ledger.vkey')))?.split('+')[0];
  const origin = founded ?? begun ?? wanted ?? `holdfast-${uuidv7()}`;
  if (wanted !== undefined && wanted !== origin) {
    throw new ConfigError([
      `HOLDFAST_ORIGIN is ${wanted}, but this site's origin is ${origin}, which cannot change`,
    ]);
  }
  const ledgerKey = noteSigner(origin, ledgerSeed).vkey;
  const policyKey = noteSigner(`${origin}/policy`, policySeed).vkey;
  await keep(home.secret('ledger.vkey'), ledgerKey);
  await keep(home.secret('policy.vkey'), policyKey);
  return { origin, ledgerKey, policyKey };
}

/** For the worker, which has no other part of the site's key. */
async function writeSinksKey(home: Home, siteKey: Buffer): Promise<void> {
  const file = home.secret('sinks.key');
  const key = sinksKey(siteKey).toString('hex');
  if ((await readSecret(file)) === key) return;
  await (await stageFile(file, `${key}\n`, 0o600, home.folder)).put();
}

async function keep(file: string, vkey: string): Promise<void> {
  const kept = await readSecret(file);
  if (kept === undefined) return writeSecret(file, vkey);
  if (kept !== vkey) throw new Error(`${file} does not belong to the key beside it`);
}

function firstStart(): CommandContext {
  const id = uuidv7();
  return {
    at: systemClock.now(),
    actor: { kind: 'service', id: 'host', for: SITE_STREAM },
    reason: { code: 'first-start', text: 'The site was started for the first time.' },
    cause: id,
    correlation: id,
    authorisedBy: [],
  };
}

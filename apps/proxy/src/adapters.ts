import { join } from 'node:path';
import type { BlobReader } from '#blob-store/port';
import type { Look } from '#platform/health/readiness';
import { readKeyFile } from '#platform/setting-file';
import { makeSettingFolder } from '#platform/setting-folder';
import { openMembership, openPolicy } from '#release-control/published';
import {
  ArtefactCache,
  DeviceServices,
  DeviceSessions,
  downloadTokens,
  heldCopies,
  ManifestShelf,
  mediaTokens,
  Obedience,
  RelayedAssertions,
  RememberedAnswers,
  SmallCopies,
  SnapServing,
  streamTokens,
  upstreamFetch,
  type ServedRing,
  type ServingEvents,
  type Verifiers,
} from '#serving/published';
import {
  HttpUpstreamStore,
  MeasuredUpstreamStore,
  readWayOut,
  upstreamSettings,
  type UpstreamObserver,
  type WayOut,
} from '#upstream/published';
import { cacheEvents } from './cache-events.js';
import { openCacheRoom, type CacheRoom } from './cache-room.js';
import type { ProxyConfig } from './config.js';
import { openKept } from './kept.js';
import { readSetup } from './read-setup.js';
import type { PolicyKey } from './secrets.js';

/** What the proxy is made of, and what it must let go of. */
export interface Adapters {
  readonly serving: SnapServing;
  readonly obedience: Obedience;
  readonly room: CacheRoom;
  /** The kept blobs. */
  readonly keptUsable: Look;
  close(): Promise<void>;
}

/** @throws ConfigError for keys that are none */
export async function adapters(
  config: ProxyConfig,
  policyKey: PolicyKey,
  events: ServingEvents,
  upstreamAsked: UpstreamObserver = () => undefined,
): Promise<Adapters> {
  const proxyKey = await readKeyFile('HOLDFAST_PROXY_KEY_FILE', config.proxyKeyFile);
  await makeSettingFolder('HOLDFAST_CACHE_DIR', config.cacheDir);
  const wayOut = await readWayOut(config);
  const http = new HttpUpstreamStore(
    upstreamSettings(config.upstreamUrl, config.upstreamOrigins, {}, wayOut),
  );
  const upstream = new MeasuredUpstreamStore(http, upstreamAsked);
  const services = deviceServices(config.deviceServices, wayOut);
  const room = await openCacheRoom(config, events);
  const kept = await openKept(config, room.artefacts, events);
  const cache = await ArtefactCache.open(
    config.cacheDir,
    upstreamFetch(upstream),
    'upstream',
    room.artefacts,
    cacheEvents(events),
  );
  const assertions = new SmallCopies(config.cacheDir, 'assertions', room.words);
  const answers = new SmallCopies(config.cacheDir, 'answers', room.words);
  for (const copies of [assertions, answers]) await copies.sweep();
  const remembered = new RememberedAnswers(answers, (error) =>
    events.downloadFailed('cache-unavailable', error),
  );
  const obedience = obey(
    config,
    { ...policyKey, origin: config.origin ?? policyKey.origin },
    kept.blobs,
    events,
    (rings) => {
      room.artefacts.hold(new Set(rings.flatMap(({ held }) => [...heldCopies(config.cacheDir, held)])));
      const blobs = rings.flatMap(({ held }) => held.all.flatMap(({ manifest }) => manifest?.blob ?? []));
      kept.fetchAhead([...new Map(blobs.map((blob) => [blob.sha256, blob])).values()]);
    },
  );
  const serving = new SnapServing({
    rings: () => obedience.all,
    upstream,
    tokens: downloadTokens(proxyKey, config.ring),
    streams: streamTokens(proxyKey, config.ring),
    media: mediaTokens(proxyKey, config.ring),
    sessions: new DeviceSessions(proxyKey),
    deviceServices: new DeviceServices(services),
    kept: kept.artefacts,
    cache,
    relayedAssertions: new RelayedAssertions(assertions),
    remembered,
    events,
    publicUrl: config.publicUrl?.replace(/\/+$/, ''),
    setup: () => readSetup(config),
    now: Date.now,
  });
  return {
    serving,
    obedience,
    room,
    keptUsable: kept.usable,
    close: async () => {
      await obedience.stop();
      await cache.close();
      await kept.close();
      await remembered.close();
      await room.close();
      await http.close();
      await Promise.all(services.map(({ store }) => store.close()));
    },
  };
}

/** Each service has its own way out, which leads to its origin and nowhere else inside the site. */
function deviceServices(
  urls: string,
  wayOut: WayOut,
): { readonly url: URL; readonly store: HttpUpstreamStore }[] {
  const listed = urls.split(',').map((text) => text.trim());
  return listed
    .filter((text) => text !== '')
    .map((text) => {
      const url = new URL(text);
      return { url, store: new HttpUpstreamStore(upstreamSettings(url.origin, '', {}, wayOut)) };
    });
}

function obey(
  config: ProxyConfig,
  key: { readonly vkey: string; readonly origin: string },
  kept: BlobReader,
  events: ServingEvents,
  taken: (rings: readonly ServedRing[]) => void,
): Obedience {
  const shelf = new ManifestShelf(
    join(config.cacheDir, 'manifests'),
    kept,
    ({ manifest, name, version }, message) => events.manifestUnusable(manifest, name, version, message),
    (error) => events.policyNotSaved(error),
  );
  const settings = {
    databaseUrl: config.databaseUrl,
    ring: config.ring,
    policyDir: join(config.cacheDir, 'policy'),
  };
  const verify: Verifiers = {
    policy: (ring) => (signed) => openPolicy(signed, { ...key, ring }),
    membership: (signed) => openMembership(signed, key),
  };
  return new Obedience(settings, verify, shelf, events, taken);
}

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sentenceOf, unlessAborted } from '#kernel';
import { ConfigError } from '#platform/config';
import { SiteError } from '#site/domain/errors';
import type { Home } from './home.js';
import { openKey, type KeyFiles } from './key-files.js';
import type { Prepared } from './prepare.js';
import { readSecret } from './secret-files.js';
import type { Environment, KnownSite } from './server-environment.js';
import { settingsOnDisk } from './site-settings.js';

/** Preparing a site that was prepared before takes a fraction of that, when its database answers. */
const USUAL_MS = 3_000;
const FIRST_PAUSE_MS = 500;
/** Not longer: the site is to be whole soon after its database is back. */
const LONGEST_PAUSE_MS = 5_000;

export interface PreparingParts {
  readonly prepare: () => Promise<Prepared>;
  /** What is on disk; undefined when that does not do for a proxy: see {@link siteOnDisk}. */
  readonly onDisk: KnownSite | undefined;
  /** Starts the proxy; may be called again. */
  readonly serve: (site: KnownSite) => void;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Prepares a site. One whose proxy can serve from disk has it serve when that fails or takes long, a database that is away say, and is prepared again
 * and again: what it lacks may come back, and devices must not wait for that.
 * @throws what `prepare` does, when nothing can be served meanwhile; ConfigError; SiteError `store-not-in-use`; what `signal` was aborted with
 */
export async function prepareWhileServing(parts: PreparingParts): Promise<Prepared> {
  const { prepare, onDisk, serve, log, signal } = parts;
  if (onDisk === undefined) return unlessAborted(prepare(), signal);
  const late = setTimeout(() => serve(onDisk), USUAL_MS);
  let [wait, said] = [FIRST_PAUSE_MS, ''];
  try {
    for (;;) {
      try {
        return await unlessAborted(prepare(), signal);
      } catch (error) {
        if (signal.aborted || isWrongSetting(error)) throw error;
        serve(onDisk);
        const why = sentenceOf(error);
        if (why !== said)
          log(`the site cannot be prepared, which is tried again; devices are served: ${why}`);
        said = why;
      }
      await pause(wait, undefined, { signal });
      wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
    }
  } finally {
    clearTimeout(late);
  }
}

/** What a proxy needs of a site that was prepared before, and has served: its keys, and the last policy that it obeyed. */
export async function siteOnDisk(
  home: Home,
  keys: KeyFiles,
  env: Environment,
): Promise<KnownSite | undefined> {
  const vkey = await readSecret(home.secret('ledger.vkey'));
  const policyVkey = await readSecret(env['HOLDFAST_POLICY_VKEY_FILE'] || home.secret('policy.vkey'));
  const policyFile = path.join(
    env['HOLDFAST_CACHE_DIR'] || home.cache(),
    'policy',
    `${env['HOLDFAST_RING'] || 'default'}.json`,
  );
  const policy = await stat(policyFile).catch(() => undefined);
  const origin = vkey?.split('+')[0];
  if (!origin || policyVkey === undefined || policy === undefined) return undefined;
  try {
    await openKey(keys.proxy, false);
    const settings = await settingsOnDisk(home);
    return { siteKey: await openKey(keys.site, false), identity: { origin }, settings };
  } catch {
    // Preparing makes what is missing, or says what is wrong. Without the site's settings nothing is served: they may say by which way out.
    return undefined;
  }
}

/** No patience mends it: a person has to, and is to hear of it at once. */
function isWrongSetting(error: unknown): boolean {
  return error instanceof ConfigError || (error instanceof SiteError && error.code === 'store-not-in-use');
}

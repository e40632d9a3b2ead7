import { stat } from 'node:fs/promises';
import { readTimeSynchronisation } from '#platform/time-synchronisation/read-time-synchronisation';
import type { Home } from '../home.js';
import type { Environment } from '../server-environment.js';
import { checkCertificate } from './checks/certificate.js';
import { checkFolders, checkSecrets } from './checks/folders.js';
import { checkHistory } from './checks/history.js';
import { checkDisks, judgeNode, judgeSynchronisation } from './checks/machine.js';
import { checkIdentityProvider } from './checks/identity-provider.js';
import { checkRegistration } from './checks/registration.js';
import { checkServers } from './checks/servers.js';
import { checkSettings } from './checks/settings.js';
import { checkUpstream } from './checks/upstream.js';
import { fail, type Finding } from './finding.js';
import { examine } from './patient.js';

export interface DoctorOptions {
  readonly home: Home;
  readonly env: Environment;
  /** Ask upstream too, and the identity provider: these are requests to the outside. */
  readonly upstream?: boolean;
}

/**
 * Looks at a site from outside, running or not, and changes nothing; the embedded database of a site that is down is started for as long as it
 * takes. What cannot be looked at is a finding, never an error.
 */
export async function doctor({ home, env, upstream = false }: DoctorOptions): Promise<readonly Finding[]> {
  const node = judgeNode(process.versions.node);
  const there = await stat(home.folder).catch(() => undefined);
  if (there?.isDirectory() !== true) {
    const todo =
      'set HOLDFAST_HOME to the folder of the site, or make one with "holdfast up" or "holdfast prepare"';
    return [node, fail('home', `${home.folder} is no folder`, todo)];
  }
  const { patient, findings: keys } = await examine(home, env);
  const folders = foldersOf(home, env);
  const { settings, findings: set } = await checkSettings(patient);
  return [
    node,
    ...set,
    ...(await checkFolders(home, folders)),
    ...(await checkDisks(folders)),
    judgeSynchronisation(await readTimeSynchronisation()),
    ...(await checkSecrets(home)),
    ...keys,
    await checkCertificate(patient, Date.now()),
    await checkRegistration(patient),
    ...(await checkHistory(patient, { ledger: folders.ledger, ledgerSecond: folders['ledger-second'] })),
    ...(await checkServers(patient, settings)),
    ...(upstream ? [await checkUpstream(env), ...(await checkIdentityProvider(env))] : []),
  ];
}

/** Where things are, as `up` tells the servers. */
function foldersOf(
  home: Home,
  env: Environment,
): Record<'ledger' | 'ledger-second', string> & Record<string, string> {
  return {
    home: home.folder,
    // In a bucket instead: the worker's own health says whether that answers.
    ...(env['BLOBS_URL'] ? {} : { kept: env['HOLDFAST_KEPT_DIR'] || home.kept() }),
    cache: env['HOLDFAST_CACHE_DIR'] || home.cache(),
    ledger: env['HOLDFAST_LEDGER_DIR'] || home.ledger(),
    'ledger-second': env['HOLDFAST_LEDGER_SECOND_DIR'] || home.ledgerSecond(),
  };
}

import { BackupError } from '../backup/errors.js';

/** Where a site is put beside its home and database: the servers are told the same way. */
const PLACES = [
  'HOLDFAST_LEDGER_DIR',
  'HOLDFAST_LEDGER_SECOND_DIR',
  'HOLDFAST_KEPT_DIR',
  'BLOBS_URL',
] as const;

type Settings = Readonly<Record<string, string>>;

/**
 * The old machine's settings come out of the backup only now, and this command's environment was written without them: a site restored to other
 * folders than its servers are told later would start without its ledger or blobs.
 * @throws BackupError `settings-differ`
 */
export function refuseOtherPlaces(backedUp: Settings, env: NodeJS.ProcessEnv): void {
  const differing = PLACES.filter((name) => backedUp[name] !== undefined && backedUp[name] !== env[name]);
  if (differing.length === 0) return;
  const each = differing.map(
    (name) => `${name} was '${backedUp[name]}' and is ${env[name] ? `'${env[name]}'` : 'not set'} now`,
  );
  throw new BackupError(
    'settings-differ',
    `the site had its ledger or blobs elsewhere when it was backed up: ${each.join('; ')}. Set the same for this command and for the servers, or say with --moved that they are to be where the settings are now. Nothing was written`,
  );
}

/** The settings as they are after the restore: the places are this command's. */
export function withPlacesOf(env: NodeJS.ProcessEnv, backedUp: Settings): Settings {
  const settings = new Map(Object.entries(backedUp));
  for (const name of PLACES) {
    const value = env[name];
    if (value) settings.set(name, value);
    else settings.delete(name);
  }
  return Object.fromEntries(settings);
}

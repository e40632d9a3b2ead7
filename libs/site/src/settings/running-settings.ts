import { readFile } from 'node:fs/promises';
import { ifThere } from '#platform/if-there';
import { SiteError } from '../domain/errors.js';

/** By key. */
type Values = Readonly<Record<string, string>>;

/** What the site's servers were last started with. */
export interface RunningSettings {
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  /** The site's own settings as they were then. */
  readonly stored: Values;
  /** Of the secrets among them the keyed digests, hex: their values are in files. */
  readonly secrets: Values;
  /** What the environment, or the command line, said in their place. */
  readonly environment: Values;
}

/** @throws SiteError `settings-file-damaged` */
export function parseRunningSettings(text: string, file: string): RunningSettings {
  try {
    const read = JSON.parse(text) as Record<keyof RunningSettings, unknown>;
    // An earlier release had no secrets.
    const { startedAt, stored, secrets = {}, environment } = read;
    if (typeof startedAt === 'string' && areValues(stored) && areValues(secrets) && areValues(environment))
      return { startedAt, stored, secrets, environment };
  } catch {
    // As for any other text that is not ours.
  }
  throw new SiteError(
    'settings-file-damaged',
    `${file} is not what Holdfast wrote: remove it, and the next start of the servers writes it again`,
  );
}

/** @returns undefined where the file is not there: the servers were not started by "holdfast up" @throws SiteError `settings-file-damaged` */
export async function readRunningSettings(file: string): Promise<RunningSettings | undefined> {
  const text = await ifThere(readFile(file, 'utf8'));
  return text === undefined ? undefined : parseRunningSettings(text, file);
}

/** For the query that shows settings. */
export const RUNNING_SETTINGS = Symbol('RunningSettings');
export type ReadRunningSettings = () => Promise<RunningSettings | undefined>;

function areValues(value: unknown): value is Values {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

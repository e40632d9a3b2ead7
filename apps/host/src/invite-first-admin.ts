import { rm } from 'node:fs/promises';
import { systemClock } from '#kernel';
import { CredentialStore, enrolFirstAdmin } from '#identity/commissioning';
import type { StreamWriter } from '#platform/decide-and-append';
import type { Home } from './home.js';
import { readSecret, writeSecret } from './secret-files.js';

export interface Invitation {
  readonly login: string;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
  /** Holds the secret. */
  readonly file: string;
}

/**
 * Sees to it that somebody can sign in first: the secret, with which the first admin sets a password, goes to a file in the home and nowhere
 * else. One that was lost between its event and its file (a crash), or whose file was removed, is replaced while that is allowed.
 */
export async function inviteFirstAdmin(
  home: Home,
  writer: StreamWriter,
  ownerUrl: string,
): Promise<Invitation | undefined> {
  const file = home.secret('first-admin');
  const rows = new CredentialStore(ownerUrl);
  try {
    const renew = (await readSecret(file)) === undefined;
    const invited = await enrolFirstAdmin(writer, rows, systemClock, { renew });
    if (invited === undefined) return undefined;
    await rm(file, { force: true });
    await writeSecret(file, invited.secret);
    return { login: invited.login, expiresAt: invited.expiresAt, file };
  } finally {
    await rows.close();
  }
}

/** What to tell whoever starts the site. */
export function welcome({ login, file, expiresAt }: Invitation): string {
  return `the first admin is "${login}": set a password with the secret in ${file}, before ${expiresAt}`;
}

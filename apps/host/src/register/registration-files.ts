import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Home } from '../home.js';

/** Where a site's registration is: the site's own file, and a copy for a proxy that somebody else starts. */
export async function registrationFiles(
  home: Home,
  named: string | undefined,
): Promise<[string, ...string[]]> {
  const own = named ?? home.secret('registration.assert');
  const folder = home.server('proxy');
  const there = await stat(folder).catch(() => undefined);
  const copy = path.join(folder, 'registration.assert');
  return there?.isDirectory() === true && path.resolve(copy) !== path.resolve(own) ? [own, copy] : [own];
}

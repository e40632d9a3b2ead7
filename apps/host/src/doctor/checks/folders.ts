import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { sentenceOf } from '#kernel';
import type { Home } from '../../home.js';
import { fail, ok, warn, type Finding } from '../finding.js';

/** Each folder is there, is one, and can be written; by the account that owns the home. */
export async function checkFolders(
  home: Home,
  folders: Readonly<Record<string, string>>,
): Promise<Finding[]> {
  const owner = (await stat(home.folder)).uid;
  return Promise.all(
    Object.entries(folders).map(([name, folder]) => checkFolder(`folder: ${name}`, folder, owner)),
  );
}

async function checkFolder(check: string, folder: string, owner: number): Promise<Finding> {
  try {
    const found = await stat(folder);
    if (!found.isDirectory()) return fail(check, `${folder} is no folder`, 'move away what is there');
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if (found.uid !== owner) {
      const says = `${folder} belongs to account ${found.uid}, the home to ${owner}`;
      return warn(check, says, `chown -R ${owner} ${folder}: was something run as another account?`);
    }
    return ok(check, `${folder} can be written`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      const todo = 'bring it back from a copy; "holdfast prepare" makes empty ones for a new site';
      return fail(check, `${folder} is missing`, todo);
    }
    return fail(check, `${folder} cannot be used: ${sentenceOf(error)}`, 'give our account the right to it');
  }
}

/** They lie beside the secrets, and anybody may have them: the proxy gives the one out, auditors the others. */
const PUBLIC = ['registration.assert', 'ledger.vkey', 'policy.vkey'];

/** Secrets are for our own account: the folder 0700, each secret file 0600 or less. */
export async function checkSecrets(home: Home): Promise<Finding[]> {
  const folder = path.dirname(home.secret('site.key'));
  const check = 'secrets';
  try {
    const secrets = (await readdir(folder)).filter((name) => !PUBLIC.includes(name));
    const files = secrets.map((name) => path.join(folder, name));
    const open: Finding[] = [];
    for (const [file, mode] of [[folder, '700'], ...files.map((each) => [each, '600'] as const)] as const) {
      const found = await stat(file);
      if ((found.mode & 0o077) === 0) continue;
      const says = `${file} is open to other accounts (mode ${(found.mode & 0o777).toString(8)})`;
      open.push(
        fail(check, says, `chmod ${mode} ${file}; if others could log in here, take its secret for known`),
      );
    }
    return open.length > 0 ? open : [ok(check, `${folder} is for our account only`)];
  } catch (error) {
    return [fail(check, `${folder}: ${sentenceOf(error)}`, 'bring it back from where it was kept')];
  }
}

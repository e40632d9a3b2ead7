import { hostname, userInfo } from 'node:os';
import type { Command } from 'commander';
import { systemClock, uuidv7 } from '#kernel';
import { HostProofs } from '#identity/credentials/host-proofs';
import { loadConfig } from '#platform/config';
import { HostConfig } from '../config.js';
import { Home } from '../home.js';
import { keyFiles, openKey } from '../key-files.js';

/** `recover-admin`: what two people need beside themselves to bring an admin back. Records nothing: what is done with it is recorded, with what it says. */
export function addRecoverAdmin(
  program: Command,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): void {
  program
    .command('recover-admin')
    .description(
      'where no two admins can sign in any more: print the proof of the host, with which two people bring one back. Good for an hour',
    )
    .argument('<login>', 'the admin, or who becomes one')
    .action(async (login: string) => {
      const { home } = loadConfig(HostConfig, env);
      const siteKey = await openKey(keyFiles(new Home(home), env).site, false);
      const host = { name: hostname(), account: account(env), proof: uuidv7() };
      print(new HostProofs(siteKey).make(login, host, systemClock.now()).text);
    });
}

/** As whom it runs, and who became that by sudo, which whoever may become root can set as they like. */
function account({ SUDO_USER: by }: NodeJS.ProcessEnv): string {
  const { username } = userInfo();
  return (by === undefined || by === username ? username : `${username}, by sudo of ${by}`).slice(0, 200);
}

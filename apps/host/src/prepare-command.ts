import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { HostConfig } from './config.js';
import { welcome } from './invite-first-admin.js';
import { prepareHome } from './prepare-home.js';
import { writeServerFolders } from './server-folders.js';
import { warnOfRefused } from './site-settings.js';

/** `prepare`, for who starts the servers by something else than `up`. */
export function addPrepare(program: Command, env: NodeJS.ProcessEnv, print: (line: string) => void): void {
  program
    .command('prepare')
    .description("make what the site lacks: folders, keys, the database's roles and tables, the first admin")
    .option(
      '--servers',
      'also make servers/<name>/ in the home, for servers that something else starts',
      false,
    )
    .action(async ({ servers }: { servers: boolean }) => {
      const more = servers ? writeServerFolders : undefined;
      const config = loadConfig(HostConfig, env);
      const { identity, invitation, settings } = await prepareHome(config, env, more);
      print(`${identity.origin} is prepared`);
      if (servers) for (const sentence of warnOfRefused(settings.values)) print(sentence);
      if (invitation) print(welcome(invitation));
    });
}

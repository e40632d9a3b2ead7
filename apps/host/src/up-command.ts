import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { HostConfig } from './config.js';
import { runUntilTold } from './run-until-told.js';
import { ServiceManager } from './service-manager/service-manager.js';
import { up } from './up.js';

export function addUp(program: Command, env: NodeJS.ProcessEnv, print: (line: string) => void): void {
  program
    .command('up')
    .description('start the site: PostgreSQL, unless DATABASE_URL is set, and all servers')
    .option('--sandbox', 'start a small upstream store of our own, and take everything from there', false)
    .action(async ({ sandbox }: { sandbox: boolean }) => {
      const { home } = loadConfig(HostConfig, env);
      const say = (text: string) => print(`host          | ${text}`);
      const service = new ServiceManager(env, say);
      await service.status('starting');
      // Whoever started it by hand looks for this among the lines of the servers.
      const told = {
        ready: async (sentence: string) => {
          say(`the site is up: ${sentence}; Ctrl-C ends it`);
          await service.ready(sentence);
        },
        stopping: () => service.stopping(),
      };
      await runUntilTold(told, (told) => up({ home, env, sandbox, log: print, ...told }));
    });
}

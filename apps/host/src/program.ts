import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { addBackup } from './backup/command.js';
import { addCheckConnections } from './check-connections/command.js';
import { addCheckUpstream } from './check-upstream/command.js';
import { addCompareLedger } from './compare-ledger/command.js';
import { addEventsCopy } from './events-copy/command.js';
import { HostConfig } from './config.js';
import { addImportCertificate } from './import-certificate/command.js';
import type { Input } from './import-certificate/read-input.js';
import { addDoctor } from './doctor/command.js';
import { addProjections } from './projections/command.js';
import { emptyProgram } from './empty-program.js';
import { prepareHome } from './prepare-home.js';
import { welcome } from './invite-first-admin.js';
import { addMigrate } from './migrate/command.js';
import { addRegister } from './register/command.js';
import { addRestore } from './restore/command.js';
import { addUp } from './up-command.js';
import { writeServerFolders } from './server-folders.js';
import { warnOfRefused } from './site-settings.js';
import { addStoreStatus } from './store-status/command.js';
import { addScrub } from './scrub/command.js';

/** The commands that run where the servers run. A command line that is wrong, or asks for help, is a CommanderError, whose text was printed. */
export function hostProgram(
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
  input: Input = process.stdin,
): Command {
  const program = emptyProgram();
  addUp(program, env, print);
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
  addImportCertificate(program, env, print, input);
  addRegister(program, env, print, input);
  addMigrate(program, print);
  addScrub(program, env, print);
  addDoctor(program, env, print);
  addStoreStatus(program, env, print);
  addCheckConnections(program, env, print);
  addCheckUpstream(program, env, print);
  addProjections(program, env, print);
  addCompareLedger(program, env, print);
  addEventsCopy(program, env, print);
  addBackup(program, env, print);
  addRestore(program, env, print);
  return program;
}

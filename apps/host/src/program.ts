import type { Command } from 'commander';
import { emptyProgram } from './empty-program.js';
import type { Input } from './import-certificate/read-input.js';

type Add = (program: Command, env: NodeJS.ProcessEnv, print: Print, input: Input) => void;
type Print = (line: string) => void;

/** In the order of the help. Each is loaded by itself: what it needs is a third of what all of them need, or less. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  up: async () => (await import('./up-command.js')).addUp,
  prepare: async () => (await import('./prepare-command.js')).addPrepare,
  'import-certificate': async () => (await import('./import-certificate/command.js')).addImportCertificate,
  register: async () => (await import('./register/command.js')).addRegister,
  migrate: async () => {
    const { addMigrate } = await import('./migrate/command.js');
    return (program, _env, print) => addMigrate(program, print);
  },
  scrub: async () => (await import('./scrub/command.js')).addScrub,
  doctor: async () => (await import('./doctor/command.js')).addDoctor,
  'store-status': async () => (await import('./store-status/command.js')).addStoreStatus,
  'check-connections': async () => (await import('./check-connections/command.js')).addCheckConnections,
  'check-upstream': async () => (await import('./check-upstream/command.js')).addCheckUpstream,
  projections: async () => (await import('./projections/command.js')).addProjections,
  'compare-ledger': async () => (await import('./compare-ledger/command.js')).addCompareLedger,
  events: async () => (await import('./events-command.js')).addEvents,
  'recover-admin': async () => (await import('./recover-admin/command.js')).addRecoverAdmin,
  backup: async () => (await import('./backup/command.js')).addBackup,
  restore: async () => (await import('./restore/command.js')).addRestore,
};

/**
 * The commands that run where the servers run: the one that is asked for, or all, when none has that name. A command line that is wrong, or asks for
 * help, is a CommanderError, whose text was printed.
 */
export async function hostProgram(
  asked: string | undefined,
  env: NodeJS.ProcessEnv,
  print: Print,
  input: Input = process.stdin,
): Promise<Command> {
  const program = emptyProgram();
  const one = asked !== undefined && Object.hasOwn(COMMANDS, asked) ? COMMANDS[asked] : undefined;
  for (const load of one ? [one] : Object.values(COMMANDS)) (await load())(program, env, print, input);
  return program;
}

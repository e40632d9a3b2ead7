import type { Command } from 'commander';
import { ProblemError } from '../api/problem.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { Invocation } from '../invocation.js';

export function addLogout(program: Command, cli: Cli): void {
  program
    .command('logout')
    .description('end the session, at the server and here')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control, sessions } = await invocation.connect();
      try {
        await control.signOut();
      } catch (error) {
        // A session that the server no longer knows has ended already; what is kept of it here goes all the same.
        if (!(error instanceof ProblemError && error.problem.status === 401)) throw error;
        if (!(await sessions.remove(control.url)))
          throw new CliError('not-signed-in', `not signed in at ${control.url}`);
      }
      await sessions.remove(control.url);
      invocation.result({ signedOut: control.url }, () => `signed out of ${control.url}\n`);
    });
}

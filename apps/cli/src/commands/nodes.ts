import { Argument, type Command } from 'commander';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { fields, table } from '../output/table.js';

interface ListOptions {
  readonly limit?: number;
  readonly after?: string;
}

/** `holdfast nodes` lists; what changes a node is below it. */
export function addNodes(program: Command, cli: Cli): void {
  const nodes = program
    .command('nodes')
    .description(
      'the proxies of the site: who has enrolled, when each was heard of last, and what it has still to hand over',
    )
    .option('--limit <count>', 'at most so many', parseCount)
    .option('--after <name>', 'what follows this node in the list')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<ListOptions>(cli, command);
      const { limit, after } = invocation.options;
      const { control } = await invocation.connect();
      const page = await control.nodes.list({ limit, after });
      invocation.result(page.nodes, () =>
        table(page.nodes, [
          { header: 'Name', cell: (row) => row.name },
          {
            header: 'State',
            cell: (row) => (row.recordsMissing ? `${row.state}, records missing` : row.state),
          },
          { header: 'Heard', cell: (row) => row.lastHeardAt },
          { header: 'Ring', cell: (row) => row.ring },
          { header: 'Position', cell: (row) => row.policyPosition },
          { header: 'Backlog', cell: (row) => row.backlog },
          { header: 'Since', cell: (row) => row.backlogSince },
          { header: 'Version', cell: (row) => row.version },
          { header: 'Key until', cell: (row) => row.keyExpiresAt },
        ]),
      );
      if (page.next) invocation.say(`There is more: --after ${page.next}`);
    });
  addInvite(nodes, cli);
  addRetire(nodes, cli);
}

function addInvite(nodes: Command, cli: Cli): void {
  const invite = nodes
    .command('invite')
    .description(
      'let a proxy enrol, or one whose key has ended show a new one: prints its one-time token, once',
    )
    .addArgument(NAME())
    .option('--key-days <days>', 'how long its key is good, 1 to 3650 (by default 730)', parseCount);
  withReason(invite).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions & { readonly keyDays?: number }>(cli, command);
    const { keyDays } = invocation.options;
    const connection = await invocation.connect();
    const invited = await connection.control.nodes.invite({
      name,
      ...given({ keyDays }),
      reason: reasonOf(invocation.options),
    });
    await connection.remember(invited.cursor);
    invocation.result(invited, () =>
      fields([
        ['Node', invited.node],
        ['Token', invited.token],
        ['Expires', invited.expiresAt],
      ]),
    );
    invocation.say('Put the token into a file on the proxy, and name that in HOLDFAST_NODE_TOKEN_FILE.');
  });
}

function addRetire(nodes: Command, cli: Cli): void {
  const retire = nodes
    .command('retire')
    .description('take nothing of a node any more, for good')
    .addArgument(NAME());
  withReason(retire).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const done = await connection.control.nodes.retire(name, reasonOf(invocation.options));
    await connection.remember(done.cursor);
    invocation.result(done, () => `${name} is retired\n`);
  });
}

const NAME = (): Argument => new Argument('<name>', "the node's name");

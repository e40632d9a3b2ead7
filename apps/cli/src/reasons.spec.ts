import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { processCli } from './cli.js';
import { HOST_COMMANDS } from './host/host-commands.js';
import { OWN_NAME } from './names.js';
import { buildProgram } from './program.js';
import { TestCli } from './testing/test-cli.js';

const words = (text: string): readonly string[] => text.trim().split(/\s*\n\s*/);

/** These change nothing. */
const READ = words(`
  list-overrides
  holds list
  access
  change list
  change show
  change print
  change attachments
  change attachment get
  template list
  template show
  agenda
  minutes
  approval-policy show
  policy export
  policy diff
  emergency list
  candidates
  list-watched
  show-sync
  rings devices
  members list
  matrix
  device explain
  who-got
  shadow
  audit list
  audit bundle
  verify
  review list
  review due
  review deviations
  review show
  security-key list
  people list
  people show
  people training
  people same-persons
  tokens list
  status
  sink list
  sink dead-letters
  sink addresses
`);
/** What one does for oneself to get in, what says by itself why it is there, and a copy of the record, which says what was searched for. */
const SAY_IT_THEMSELVES = words(`
  login
  logout
  password
  second-component confirm
  security-key enrol
  change comment
  audit export
`);
/** These ask for it themselves, where they are to change something: they only show, or a token brings its standing reason. */
const ASK_WHEN_IT_IS_NEEDED = words(`
  override
  delete-override
  baseline
  change verify
  policy apply
  roll-back
  validation-pack
  config
`);

interface Leaf {
  readonly name: string;
  readonly command: Command;
}

function leavesOf(parent: Command, path: readonly string[] = []): readonly Leaf[] {
  return parent.commands.flatMap((command): readonly Leaf[] => {
    const here = [...path, command.name()];
    return command.commands.length > 0 ? leavesOf(command, here) : [{ name: here.join(' '), command }];
  });
}

const reasonOf = ({ command }: Leaf) => command.options.find(({ long }) => long === '--reason');
const namesOf = (leaves: readonly Leaf[]) => leaves.map(({ name }) => name).toSorted();

describe('every command of the program', () => {
  const host = new Set<string>(HOST_COMMANDS.map(({ name }) => name));
  const leaves = leavesOf(buildProgram({ ...processCli(), name: OWN_NAME })).filter(
    ({ name }) => !host.has(name),
  );
  const required = leaves.filter((leaf) => reasonOf(leaf)?.mandatory === true);

  it('R04: takes a reason, but for what changes nothing and what says it by itself', () => {
    const without = leaves.filter((leaf) => reasonOf(leaf) === undefined);
    expect(namesOf(without)).toEqual([...READ, ...SAY_IT_THEMSELVES].toSorted());
    const optional = leaves.filter((leaf) => reasonOf(leaf)?.mandatory === false);
    expect(namesOf(optional)).toEqual(ASK_WHEN_IT_IS_NEEDED.toSorted());
    expect(required.length).toBeGreaterThan(60);
  });

  it.each(required)('R04: $name without a reason asks control for nothing', async ({ name, command }) => {
    const cli = new TestCli();
    const { seen } = await cli.control({});
    const { exitCode, stderr } = await cli.run([...name.split(' '), ...othersOf(command)]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("required option '--reason <text>' not specified");
    expect(seen).toEqual([]);
  });
});

/** Whatever else it requires. */
function othersOf(command: Command): readonly string[] {
  return command.options.flatMap(({ long, mandatory, argChoices, required }) => {
    if (!mandatory || long === '--reason' || typeof long !== 'string') return [];
    return required ? [long, argChoices?.[0] ?? '1'] : [long];
  });
}

import { describe, expect, it } from 'vitest';
import { hostProgram } from './program.js';

const all = await hostProgram(undefined, {}, () => undefined);

describe("the host's program", () => {
  it.each(all.commands.map((command) => command.name()))(
    'has %s alone when that is asked for',
    async (name) => {
      const { commands } = await hostProgram(name, {}, () => undefined);
      const same = all.commands.find((command) => command.name() === name);
      expect(commands.map((command) => command.helpInformation())).toEqual([same?.helpInformation()]);
    },
  );

  it.each([['--help'], ['frobnicate'], ['toString']])('has all of them for %s', async (asked) => {
    const program = await hostProgram(asked, {}, () => undefined);
    expect(program.helpInformation()).toBe(all.helpInformation());
  });
});

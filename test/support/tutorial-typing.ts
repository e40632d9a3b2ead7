import { expect, vi } from 'vitest';
import type { Answers, Terminal } from './terminal.js';
import { printedAs, type Block } from './tutorial-page.js';

/** Types a block, answers what it asks, and compares what it prints with what the page says. */
export async function type(terminal: Terminal, block: Block, answers: Answers = []): Promise<string> {
  return printedAsSaid(await terminal.run(block.commands, answers), block);
}

/** Compares what a block printed with what the page says. @returns what it printed */
export function printedAsSaid(printed: string, block: Block): string {
  for (const line of block.shows) expect(printed).toMatch(printedAs(line));
  return printed;
}

/** Types a block again and again, until it prints what the page says, and more. */
export async function typeUntil(
  terminal: Terminal,
  block: Block,
  more: readonly RegExp[] = [],
): Promise<string> {
  const all = [...block.shows.map(printedAs), ...more];
  let printed = '';
  const shown = async () => {
    printed = await terminal.run(block.commands);
    return all.every((line) => line.test(printed));
  };
  await vi.waitUntil(shown, { timeout: 60_000, interval: 200 }).catch((cause: unknown) => {
    throw new Error(
      `${block.commands} prints:\n${printed}\nwithout ${all.filter((line) => !line.test(printed)).join(' ')}`,
      { cause },
    );
  });
  return printed;
}

/** What `people add` prints for a person to choose a password with. */
export function secretOf(login: string, printed: string): string {
  const [, secret] = new RegExp(`^(hfe_\\S+)\n.*"holdfast password ${login}"`, 'm').exec(printed) ?? [];
  if (secret === undefined) throw new Error(`no secret for ${login}:\n${printed}`);
  return secret;
}

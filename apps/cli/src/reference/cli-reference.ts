import type { Command } from 'commander';
import { EXIT_MEANINGS } from '../exit-codes.js';

/** The page that documents every command, from the command tree itself. */
export function cliReference(program: Command): string {
  const pages = leaves(program).map((command) => {
    const help = command.configureHelp({ helpWidth: 100, showGlobalOptions: true }).helpInformation();
    return `## ${nameOf(command)}\n\n\`\`\`\n${help.trimEnd()}\n\`\`\`\n`;
  });
  return `# The command line

Generated from the commands themselves (\`npm run generate\`). Data goes to standard output, messages to standard error. \`--format json\` writes
what a program can read, and errors as the problem document. What a command ends with: [exit codes](exit-codes.md). Options of
those that run where the servers run: [host commands](host-commands.md).

At a terminal tables are made to fit its width: columns in which no row says anything are left out, cells go on below, and what would still be too wide is written as names and values, row by row. In a pipe
a row is one line with every column.

The id of a change request or of a review may be typed in small letters and without its zeros: \`cr-2026-42\`, \`tr-7\`.

${pages.join('\n')}`;
}

export function exitCodesReference(): string {
  const rows = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return `# Exit codes

Generated (\`npm run generate\`). Scripts depend on them: a number keeps its meaning.

| code | meaning |
|---|---|
${rows.join('\n')}
`;
}

/** A group that has options of its own is a command as well: `holdfast nodes`. */
function leaves(command: Command): Command[] {
  const { commands, parent, options } = command;
  if (commands.length === 0) return [command];
  return [...(parent && options.length > 0 ? [command] : []), ...commands.flatMap(leaves)];
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

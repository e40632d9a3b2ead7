import type { Command } from 'commander';

/** The page that documents the commands of the site's machine, from the command tree itself. */
export function hostReference(program: Command): string {
  const pages = runnable(program).map((command) => {
    const help = command.configureHelp({ helpWidth: 100 }).helpInformation();
    return `## ${nameOf(command)}\n\n\`\`\`\n${help.trimEnd()}\n\`\`\`\n`;
  });
  return `# Commands of the site's machine

Generated from the commands themselves (\`npm run generate\`). They run where the servers run, and read [the settings](settings.md) of the host. All but
\`compare-ledger\`, which \`holdfast verify --database\` uses, are given as \`holdfast …\`; [the others](cli.md) run anywhere.

${pages.join('\n')}`;
}

/** A group that takes options or arguments itself is a command as well. */
function runnable(command: Command): Command[] {
  const own = command.options.length + command.registeredArguments.length > 0;
  return [...(own || command.commands.length === 0 ? [command] : []), ...command.commands.flatMap(runnable)];
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

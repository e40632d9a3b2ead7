import { Option, type Command } from 'commander';
import { loadConfig } from '#platform/config';
import { HostConfig } from '../config.js';
import { Home } from '../home.js';
import { doctor } from './doctor.js';
import { exitCodeOf, type Finding } from './finding.js';
import { withSiteSettings } from '../site-settings.js';

/** `holdfast doctor`. Sets the process's exit code by what it found. */
export function addDoctor(program: Command, env: NodeJS.ProcessEnv, print: (line: string) => void): void {
  program
    .command('doctor')
    .description(
      'look at everything that the site needs, running or not, and say what to do about what is wrong',
    )
    .option('--upstream', 'ask the upstream store too, and the identity provider', false)
    .addOption(new Option('--format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async ({ upstream, format }: { upstream: boolean; format: 'text' | 'json' }) => {
      const { home } = loadConfig(HostConfig, env);
      const findings = await doctor({ home: new Home(home), env: withSiteSettings(env), upstream });
      for (const line of format === 'json' ? [json(findings)] : asText(findings)) print(line);
      process.exitCode = exitCodeOf(findings);
    });
}

function json(findings: readonly Finding[]): string {
  return JSON.stringify({
    findings: findings.map(({ check, level, says, todo }) => ({ check, level, says, todo })),
  });
}

/** A line for each, a second one for what to do, and the count at the end. */
export function asText(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, level, says, todo }) => [
    `${level.padEnd(4)}  ${check.padEnd(width)}  ${says}`,
    ...(todo === undefined ? [] : [`${' '.repeat(6)}${' '.repeat(width)}  → ${todo}`]),
  ]);
  const count = (level: Finding['level']): number => findings.filter((each) => each.level === level).length;
  return [...lines, `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed`];
}

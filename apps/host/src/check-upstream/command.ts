import { Option, type Command } from 'commander';
import { sentenceOf } from '#kernel';
import { loadConfig } from '#platform/config';
import { version } from '#platform/version';
import { HttpUpstreamStore, readWayOut, upstreamSettings } from '#upstream/published';
import { ConnectionsConfig } from '../check-connections/config.js';
import { PROBES, type ProbePorts, type Seen } from './probes.js';
import { withSiteSettings } from '../site-settings.js';

interface Options {
  readonly snap: string;
  readonly arch: string;
  readonly format: 'text' | 'json';
}

/** `holdfast check-upstream`: what a store does, for people who wonder, and to send to us. Exit code 1 when something is otherwise. */
export function addCheckUpstream(
  program: Command,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): void {
  program
    .command('check-upstream')
    .description(
      'ask the upstream store a dozen questions, which change nothing there, and say where it answers otherwise than is relied on',
    )
    .option('--snap <name>', 'a snap that it has, in stable', 'hello-world')
    .option('--arch <architecture>', 'of a device', 'amd64')
    .addOption(new Option('--format <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async ({ snap, arch, format }: Options) => {
      const config = loadConfig(ConnectionsConfig, withSiteSettings(env));
      const wayOut = await readWayOut(config);
      const upstream = new HttpUpstreamStore(
        upstreamSettings(config.upstreamUrl, config.upstreamOrigins, {}, wayOut),
      );
      try {
        const seen = await ask({ upstream, snap, architecture: arch });
        const store = new URL(config.upstreamUrl).origin;
        const report = { store, snap, architecture: arch, holdfast: version(), seen };
        for (const line of format === 'json' ? [JSON.stringify(report)] : asText(store, seen)) print(line);
        if (seen.some(({ otherwise }) => otherwise !== undefined)) process.exitCode = 1;
      } finally {
        await upstream.close();
      }
    });
}

/** One after the other: a store is not to be hurried. */
async function ask(ports: ProbePorts): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const { name, run } of PROBES) {
    const found = await run(ports).catch((error: unknown) => ({ facts: [], otherwise: sentenceOf(error) }));
    seen.push({ probe: name, ...found });
  }
  return seen;
}

function asText(store: string, seen: readonly Seen[]): string[] {
  const width = Math.max(...seen.map(({ probe }) => probe.length));
  const lines = seen.flatMap(({ probe, otherwise, facts }) => [
    `${otherwise === undefined ? 'ok  ' : 'else'}  ${probe.padEnd(width)}  ${facts.join('; ') || 'no answer'}`,
    ...(otherwise === undefined ? [] : [`${' '.repeat(6 + width)}  → ${otherwise}`]),
  ]);
  const others = seen.filter(({ otherwise }) => otherwise !== undefined).length;
  return [...lines, `${store}: ${seen.length - others} as relied on, ${others} otherwise`];
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { sentenceOf } from '#kernel';
import { CHECK_SETTINGS, type SettingsVerdict } from '#platform/check-settings';
import { programOf } from '../../programs.js';
import type { ObservedServer } from '../../run-file.js';
import { serverEnvironment } from '../../server-environment.js';
import { fail, ok, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const SERVERS: readonly ObservedServer[] = ['control', 'worker', 'projector', 'proxy'];
const PLACEHOLDER_URL = 'postgres://owner@localhost/holdfast';
const UNKNOWN = 'unknown';

/** Each server's settings, as its own program reads them. */
export type Settings = Readonly<Partial<Record<ObservedServer, SettingsVerdict['settings']>>>;

/** Asks each server's program, with the environment that `up` would give it: nobody else knows what a server makes of its settings. */
export async function checkSettings(patient: Patient): Promise<{ settings: Settings; findings: Finding[] }> {
  const asked = await Promise.all(
    SERVERS.map(async (server) => ({ server, verdict: await ask(server, patient) })),
  );
  const findings = asked.flatMap(({ server, verdict }) => judge(server, verdict));
  const settings = Object.fromEntries(asked.map(({ server, verdict }) => [server, verdict.settings]));
  return { settings, findings };
}

function judge(server: ObservedServer, { wrong }: SettingsVerdict): Finding[] {
  const check = `settings: ${server}`;
  if (wrong.length === 0) return [ok(check, `${server} can be started with them`)];
  return wrong.map((each) =>
    fail(check, each, 'correct it in the environment, or with holdfast config: docs/reference/settings.md'),
  );
}

async function ask(server: ObservedServer, patient: Patient): Promise<SettingsVerdict> {
  try {
    // node_modules and all: what keeps a server from being loaded keeps it from starting.
    const child = spawn(process.execPath, [programOf(server), CHECK_SETTINGS], {
      env: environmentOf(server, patient),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [said, complained] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (child.exitCode === 0 || child.exitCode === 2) return JSON.parse(said) as SettingsVerdict;
    return {
      wrong: [`${server} cannot be loaded: ${complained.trim().split('\n').slice(-3).join(' ')}`],
      settings: {},
    };
  } catch (error) {
    return { wrong: [`${server} cannot be asked: ${sentenceOf(error)}`], settings: {} };
  }
}

/** What the keys would say is checked by others; here it only has to be there. */
function environmentOf(
  server: ObservedServer,
  { home, env, siteKey, ledgerVkey }: Patient,
): Record<string, string> {
  const origin = ledgerVkey?.split('+')[0] ?? UNKNOWN;
  return serverEnvironment(server, {
    home,
    env,
    ownerUrl: env['DATABASE_URL'] || PLACEHOLDER_URL,
    evaluation: !env['DATABASE_URL'],
    ports: {},
    prepared: {
      siteKey: siteKey ?? Buffer.alloc(32),
      identity: { origin },
      // In the environment already, as in that of every command here.
      settings: { values: new Map(), secrets: new Map() },
    },
  });
}

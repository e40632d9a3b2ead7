import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Cli } from './cli.js';

/** Somebody at a keyboard: the CLI with a session of their own, and the password that they know. */
export interface Player {
  readonly login: string;
  readonly name: string;
  readonly password: string;
  readonly cli: Cli;
}

export interface Site {
  readonly control: string;
  readonly home: string;
}

const SETTING_UP = [
  '--reason',
  'people of the demo, before commissioning is closed',
  '--reason-code',
  'commissioning',
];

/** The first admin, with the secret that the first start left in a file; chooses a password and signs in. */
export async function firstAdmin(site: Site): Promise<Player> {
  const admin = await player(site, 'admin', 'First Admin');
  await choosePassword(admin, join(site.home, 'secrets', 'first-admin'));
  return admin;
}

/** A person whom the admin enrols, who chooses a password and signs in. */
export async function enrol(
  site: Site,
  admin: Player,
  login: string,
  name: string,
  ...roles: string[]
): Promise<Player> {
  const person = await player(site, login, name);
  const args = ['people', 'add', login, '--name', name, '--role', ...roles, ...SETTING_UP];
  const { enrolmentSecret } = await admin.cli.json<{ enrolmentSecret: string }>(args);
  const file = join(await folder(site), 'secret');
  await writeFile(file, enrolmentSecret, { mode: 0o600 });
  await choosePassword(person, file);
  return person;
}

async function choosePassword({ cli, login, password }: Player, secretFile: string): Promise<void> {
  await cli.must(['password', login, '--secret-file', secretFile, '--password-stdin'], `${password}\n`);
  await cli.must(['login', login, '--password-stdin'], `${password}\n`);
}

async function player(site: Site, login: string, name: string): Promise<Player> {
  const password = randomBytes(18).toString('base64url');
  const environment = {
    HOLDFAST_URL: site.control,
    HOLDFAST_HOME: site.home,
    XDG_CONFIG_HOME: await folder(site),
  };
  return { login, name, password, cli: new Cli(environment) };
}

/** In the home, which goes with the next demo. */
function folder({ home }: Site): Promise<string> {
  return mkdtemp(join(home, 'person-'));
}

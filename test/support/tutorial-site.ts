import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { programOf, type ServerName } from '#apps/host/src/programs';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { freePort } from '#platform/database/free-port';
import { startSite, type TestSite } from './site.js';
import { Terminal, type Answers } from './terminal.js';
import { secretOf, typeUntil } from './tutorial-typing.js';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const CLOCK = join(CHECKOUT, 'dist/test/faults/site/movable-clock.js');
/** Of everybody. */
export const PASSWORD = 'correct horse battery staple 7';

/** What is typed where a signature is asked for, within a period of signing. */
export const SIGNED = ['with your signature: ', PASSWORD] as const;
/** What is typed where control asks for the login as well: who has no second component proves so who they are. */
export const named = (login: string) => ['Your login: ', login] as const;
/** What is typed for the first signature of a session, which begins a period of signing. */
export const signedAtFirst = (login: string): Answers => [SIGNED, named(login)];
/** What is typed where people sign in. */
export const signingIn = (...logins: readonly string[]): Answers =>
  logins.map((login) => [`Password of ${login}: `, PASSWORD] as const);
/** What is typed where the first admin chooses a password, and signs in. */
export const FIRST_ADMIN: Answers = [
  ['New password: ', PASSWORD],
  ['Again: ', PASSWORD],
  ...signingIn('admin'),
];

/** A folder where a tutorial is typed: the built checkout, a site of its own over a sandbox store, and a terminal for each person. */
export class TutorialSite<Person extends string> {
  private constructor(
    private readonly folder: string,
    private readonly upstream: SandboxStore,
    private readonly site: TestSite,
    readonly terminals: Readonly<Record<Person | 'host', Terminal>>,
  ) {}

  /** Control is at the name localhost, where browsers use security keys, and the clock of the servers can be set. */
  static async of<Person extends string>(people: readonly Person[]): Promise<TutorialSite<Person>> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-tutorial-'));
    const at = (name: string): string => join(folder, name);
    for (const name of ['dist', 'node_modules', 'package.json', 'tools'])
      await symlink(join(CHECKOUT, name), at(name));
    const upstream = await startSandboxStore({ dir: at('store'), keysDir: at('keys') });
    const control = await freePort();
    const settings = { HOLDFAST_CONTROL_URL: `http://localhost:${control}` };
    const program = await programsByClock(folder);
    const site = await startSite(upstream, settings, { ports: { control }, program });
    await symlink(site.home, at('.holdfast'));
    await mkdir(at('bin'));
    // As npm does it, without a second of npm's own each time.
    const npx = '#!/bin/sh\nshift; exec node_modules/.bin/node dist/apps/cli/src/main.js "$@"\n';
    await writeFile(at('bin/npx'), npx);
    await chmod(at('bin/npx'), 0o755);
    const terminals = [...people, 'host' as const].map((name) => {
      const PATH = `${at('bin')}:${process.env['PATH']}`;
      const env = { PATH, HOME: at(name), HOLDFAST_URL: site.urls.control };
      return [name, new Terminal(folder, name, env)] as const;
    });
    const byName = Object.fromEntries(terminals) as Record<Person | 'host', Terminal>;
    return new TutorialSite(folder, upstream, site, byName);
  }

  /** Sets the clock of all servers ahead. They know it within 20 ms. */
  async setAhead(hours: number): Promise<void> {
    const file = clockFileIn(this.folder);
    await writeFile(`${file}.new`, String(hours * 3_600_000));
    await rename(`${file}.new`, file);
  }

  /** Control, as a browser on this machine reaches it. */
  get controlForBrowsers(): string {
    return `http://localhost:${new URL(this.site.urls.control).port}`;
  }

  /** Where the sandbox store listens. */
  get upstreamPort(): string {
    return new URL(this.upstream.url).port;
  }

  /** What stands in a page for this site's proxy, and for the year. */
  replaced(): readonly (readonly [written: string, here: string])[] {
    return [
      ['8081', new URL(this.site.urls.proxy).port],
      ['CR-2026-', requestId('')],
    ];
  }

  /** Each chooses a password with the secret that was printed for them. */
  async choosePasswords(printed: string, people: readonly Person[]): Promise<void> {
    for (const login of people) {
      const told = await this.terminals[login].run(`npx holdfast password ${login}`, [
        ['Enrolment secret: ', secretOf(login, printed)],
        ['New password: ', PASSWORD],
        ['Again: ', PASSWORD],
      ]);
      if (!told.includes(`the password of ${login} is set`)) throw new Error(told);
    }
  }

  /** A person looks, before they are asked to sign. */
  async captured(terminal: Terminal, number: string): Promise<void> {
    const commands = `npx holdfast change list --status captured`;
    await typeUntil(terminal, { heading: '', commands, shows: [`${requestId(number)} …`] });
  }

  async stop(): Promise<void> {
    await this.site.stop();
    await this.upstream.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function requestId(number: string): string {
  return `CR-${new Date().getUTCFullYear()}-${number}`;
}

function clockFileIn(folder: string): string {
  return join(folder, 'clock');
}

/** Beside each server's program, one that gives it a clock that can be set, and then is that server. */
async function programsByClock(folder: string): Promise<(server: ServerName) => string> {
  await writeFile(clockFileIn(folder), '0');
  const byClock = (server: ServerName) => join(folder, `${server}-by-clock.mjs`);
  for (const server of ['control', 'worker', 'projector', 'proxy'] as const) {
    const lines = [
      `process.env['FAULTS_CLOCK_FILE'] = ${JSON.stringify(clockFileIn(folder))};`,
      ...[CLOCK, programOf(server)].map((file) => `await import(${JSON.stringify(pathToFileURL(file))});`),
    ];
    await writeFile(byClock(server), lines.join('\n'));
  }
  return byClock;
}

import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { startSite, type TestSite } from '#test/support/site';
import { Terminal, type Answers } from '#test/support/terminal';
import { TutorialPage } from '#test/support/tutorial-page';
import { secretOf, type, typeUntil } from '#test/support/tutorial-typing';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const PASSWORD = 'correct horse battery staple 7';
const SIGNED = ['with your signature: ', PASSWORD] as const;
const asked = (...logins: readonly string[]): Answers =>
  logins.map((login) => [`Password of ${login}: `, PASSWORD] as const);

let folder: string;
let upstream: SandboxStore;
let site: TestSite;
let page: TutorialPage;
let terminals: Record<'host' | 'ana' | 'olga' | 'ben' | 'cyd', Terminal>;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-at-night-'));
  for (const name of ['dist', 'node_modules', 'package.json']) await symlink(join(CHECKOUT, name), at(name));
  upstream = await startSandboxStore({ dir: at('store'), keysDir: at('keys') });
  site = await startSite(upstream);
  await symlink(site.home, at('.holdfast'));
  await mkdir(at('bin'));
  // As npm does it, without a second of npm's own each time.
  await writeFile(
    at('bin/npx'),
    '#!/bin/sh\nshift; exec node_modules/.bin/node dist/apps/cli/src/main.js "$@"\n',
  );
  await chmod(at('bin/npx'), 0o755);
  page = TutorialPage.read('docs/tutorials/an-emergency-at-night.md', [
    ['8081', new URL(site.urls.proxy).port],
    ['CR-2026-', `CR-${new Date().getUTCFullYear()}-`],
  ]);
  const terminal = (name: string) =>
    new Terminal(folder, name, {
      PATH: `${at('bin')}:${process.env['PATH']}`,
      HOME: at(name),
      HOLDFAST_URL: site.urls.control,
    });
  terminals = {
    host: terminal('host'),
    ana: terminal('ana'),
    olga: terminal('olga'),
    ben: terminal('ben'),
    cyd: terminal('cyd'),
  };
}, 120_000);

afterAll(async () => {
  await site?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

/** In the order of docs/tutorials/an-emergency-at-night.md. */
describe('R22, R26: an emergency at night, from the command line alone', { timeout: 120_000 }, () => {
  it('has people, who choose their passwords', async () => {
    const printed = await type(terminals.host, page.next('People'), [
      ['New password: ', PASSWORD],
      ['Again: ', PASSWORD],
      ...asked('admin'),
    ]);
    for (const login of ['ana', 'olga', 'ben', 'cyd'] as const) {
      const told = await terminals[login].run(`npx holdfast password ${login}`, [
        ['Enrolment secret: ', secretOf(login, printed)],
        ['New password: ', PASSWORD],
        ['Again: ', PASSWORD],
      ]);
      expect(told).toContain(`the password of ${login} is set`);
    }
  });

  it('has a revision held, and somebody on call, by day', async () => {
    const hold = 'By day: hold a revision';
    await type(terminals.ana, page.next(hold), asked('ana'));
    await captured(1);
    await type(terminals.ben, page.next(hold), [...asked('ben'), SIGNED]);
    const name = 'By day: say who is on call';
    await type(terminals.ana, page.next(name));
    await captured(2);
    await type(terminals.ben, page.next(name), [SIGNED]);
    expect(await typeUntil(terminals.ana, page.next(name))).toContain('- olga');
  });

  it('is released by one, who is on call', async () => {
    const heading = 'At night: release';
    await type(terminals.olga, page.next(heading), [...asked('olga'), SIGNED]);
    await typeUntil(terminals.olga, page.next(heading));
    const refused = await type(terminals.olga, page.next(heading));
    expect(refused).not.toContain('waiting until');
  });

  it('is ratified by two, in the morning', async () => {
    const heading = 'In the morning: ratify';
    await typeUntil(terminals.ben, page.next(heading));
    await type(terminals.ben, page.next(heading), [SIGNED]);
    await type(terminals.cyd, page.next(heading), [...asked('cyd'), SIGNED]);
    const shown = await type(terminals.cyd, page.next(heading));
    expect(shown).not.toMatch(/^.* approved .*$/m);
  });

  it('may also be a halt, and resumes once that is approved', async () => {
    const halt = 'Another night: halt';
    await type(terminals.olga, page.next(halt));
    await typeUntil(terminals.olga, page.next(halt));
    const resume = 'And resume';
    await type(terminals.ana, page.next(resume));
    await captured(4);
    await type(terminals.ben, page.next(resume), [SIGNED]);
    await typeUntil(terminals.ben, page.next(resume));
    expect(page.left()).toEqual([]);
  });
});

/** A person looks, before they are asked to sign. */
async function captured(number: number): Promise<void> {
  const id = `CR-${new Date().getUTCFullYear()}-000${number}`;
  const commands = `npx holdfast change list --status captured`;
  await typeUntil(terminals.ana, { heading: '', commands, shows: [`${id} …`] });
}

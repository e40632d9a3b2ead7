import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SiteInAHome } from '#apps/host/fixtures/site-in-a-home';
import { GoVerifier, whyNoGo } from '../sumdb/go-verifier.js';
import { ageDecrypt, ageKeygen, whyNoAge } from './age-program.js';

const missing = whyNoAge() ?? whyNoGo();

/** What is left to somebody with the documented format and programs of Debian's, when Holdfast is gone (R10). */
describe.skipIf(missing !== undefined)(`a backup without Holdfast${missing ? `: ${missing}` : ''}`, () => {
  let site: SiteInAHome;
  let backup: string;
  let identityFile: string;
  let id: string;

  beforeAll(async () => {
    site = await SiteInAHome.make();
    await site.capture('an artefact');
    await site.note(300);
    await site.seal();
    backup = site.in('backup');
    identityFile = site.in('backup-identity.txt');
    await site.backUp(backup, '--recipient', await ageKeygen(identityFile));
    id = /"id":"([^"]+)"/.exec(await readFile(path.join(backup, 'manifest'), 'utf8'))?.[1] ?? '';
  });
  afterAll(() => site[Symbol.asyncDispose]());

  it('opens its secrets with age, for each recipient', async () => {
    const secrets = path.join(backup, 'state', id, 'secrets.age');
    const key = await readFile(site.home.secret('ledger.key'), 'utf8');
    for (const identity of [identityFile, site.identityFile])
      expect(JSON.parse(await ageDecrypt(identity, secrets))).toMatchObject({
        v: 1,
        files: { 'ledger.key': key },
      });
  });

  it('checks its files with sha256sum', () => {
    const argv = ['--check', '--strict', '--quiet', path.join('state', id, 'files.sha256')];
    expect(execFileSync('sha256sum', argv, { cwd: backup, encoding: 'utf8' })).toBe('');
  });

  it("verifies its history with Go's sumdb", async () => {
    await using go = await GoVerifier.build();
    const verdict = await go.verify(path.join(backup, 'log'), await site.vkey());
    expect(verdict).toMatchObject({ code: 0 });
  });
});

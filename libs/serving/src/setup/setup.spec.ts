import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cloudConfig } from './cloud-init.js';
import type { DeviceSetup } from './device-setup.js';
import { maasInstructions } from './maas.js';
import { setupScript } from './script.js';

const run = promisify(execFile);
const ASSERTIONS = Buffer.from(
  "type: store\nauthority-id: canonical\ntext: $(rm -rf /)\nEND\n'\n\nsignature\n",
);
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const setup: DeviceSetup = {
  storeId: 'lab-proxy',
  url: "https://store.site.example/it's",
  assertions: ASSERTIONS,
  authority: PEM,
};

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'holdfast-setup-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the script with a `snap` that keeps what it is given, and an `id` that says who runs it. */
async function runScript(text: string, uid = '0'): Promise<{ calls: string[]; acked: string; said: string }> {
  const at = (name: string): string => join(folder, name);
  const program = (lines: string) => ({ mode: 0o755, text: `#!/bin/sh\n${lines}\n` });
  const programs = {
    id: program(`echo ${uid}`),
    snap: program(`echo "$*" >>${at('calls')}; [ "$1" != ack ] || cat "$2" >${at('acked')}`),
  };
  for (const [name, { mode, text: lines }] of Object.entries(programs))
    await writeFile(at(name), lines, { mode });
  await writeFile(at('script'), text);
  const { stdout } = await run('sh', [at('script')], {
    env: { PATH: `${folder}:${process.env['PATH']}`, TMPDIR: folder },
  });
  const calls = (await readFile(at('calls'), 'utf8')).trimEnd().split('\n');
  return { calls, acked: await readFile(at('acked'), 'utf8'), said: stdout };
}

describe('the set-up script', () => {
  it('makes a machine follow the store, by the assertions as they are', async () => {
    const { calls, acked, said } = await runScript(setupScript(setup));
    expect(acked).toBe(ASSERTIONS.toString());
    expect(calls.join('\n')).toMatch(
      /^set system store-certs\.holdfast=-----BEGIN[^]+END CERTIFICATE-----\nack \S+\/store\.assert\nset core proxy\.store=lab-proxy$/,
    );
    expect(said).toContain('follows the store lab-proxy at https://store.site.example/it%27s');
  });

  it('sets no certificate where there is no private authority', async () => {
    const { calls } = await runScript(setupScript({ ...setup, authority: undefined }));
    expect(calls).toEqual([expect.stringMatching(/^ack /), 'set core proxy.store=lab-proxy']);
  });

  it('says that it must be run by root, and does nothing', async () => {
    await expect(runScript(setupScript(setup), '1000')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('must be run by root') as string,
    });
  });
});

describe('user data', () => {
  it('is cloud-init, and holds the same', () => {
    const text = cloudConfig(setup);
    expect(text.startsWith('#cloud-config\n')).toBe(true);
    const { write_files: files, snap } = parse(text) as {
      write_files: { path: string; encoding: string; content: string }[];
      snap: { commands: Record<string, string> };
    };
    expect(files.map(({ content }) => Buffer.from(content, 'base64').toString())).toEqual([
      PEM,
      ASSERTIONS.toString(),
    ]);
    expect(Object.values(snap.commands)).toEqual([
      `snap set system store-certs.holdfast="$(cat ${files[0]?.path})"`,
      `snap ack ${files[1]?.path}`,
      'snap set core proxy.store=lab-proxy',
    ]);
  });
});

describe('what to do with MAAS', () => {
  const AT = 'https://store.site.example/it%27s/setup';

  it('is the script for its region and rack hosts, and user data for machines that it deploys', () => {
    expect(maasInstructions({ ...setup, authority: undefined }).split('\n')).toEqual([
      '# On each region and rack host, as root:',
      `curl -fsSL '${AT}' | sh`,
      '',
      '# For machines that MAAS deploys, where PROFILE and SYSTEM_ID are yours:',
      `maas PROFILE machine deploy SYSTEM_ID user_data="$(curl -fsSL '${AT}/cloud-init' | base64 -w0)"`,
      '',
      '# In the user interface: Deploy, Cloud-init user-data, and the text of',
      `# ${AT}/cloud-init`,
      '',
    ]);
  });

  it('brings the certificate of a private authority, and is as it stands a script that works with it', async () => {
    const at = (name: string): string => join(folder, name);
    // As strict as the real one: without the authority's certificate there is no answer.
    const curl = [
      `[ "$1 $2" = '-fsSL --cacert' ] && cmp -s "$3" '${at('expected.crt')}' || exit 60`,
      `[ "$4" = '${AT}' ] && echo "echo set up >>'${at('done')}'" || printf '%s' "text of $4"`,
    ];
    const maas = [`printf '%s\\n' "$@" >>'${at('done')}'`];
    await writeFile(at('expected.crt'), PEM);
    for (const [name, lines] of Object.entries({ curl, maas }))
      await writeFile(at(name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
    await writeFile(at('script'), maasInstructions(setup));
    await run('sh', ['-e', at('script')], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env['PATH']}` },
    });
    const userData = Buffer.from(`text of ${AT}/cloud-init`).toString('base64');
    expect((await readFile(at('done'), 'utf8')).trimEnd().split('\n')).toEqual([
      'set up',
      'PROFILE',
      'machine',
      'deploy',
      'SYSTEM_ID',
      `user_data=${userData}`,
    ]);
  });
});

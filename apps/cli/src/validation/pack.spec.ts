import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { noteSigner, noteVerifier, signNote } from '#tlog';
import { ControlFixture, problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';
import { checkInstallation, FILE_LIST, FILE_LIST_NOTE, fileList, filesOf, noteText } from './installation.js';
import { releaseAt } from './release.js';
import { SECTIONS } from './requirements.js';
import { traceTable } from './trace.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-pack-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

const signer = noteSigner('packager.example', Buffer.alloc(32, 7));
const verifier = noteVerifier(signer.vkey);

/** An installation that somebody has packaged and signed. */
async function installed(): Promise<string> {
  const root = join(folder, 'installation');
  await mkdir(join(root, 'dist/apps'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"version":"0.1.0"}');
  await writeFile(join(root, 'dist/apps/a.js'), 'one');
  await writeFile(join(root, 'dist/b.js'), 'two');
  await mkdir(join(root, 'docs/how-to'), { recursive: true });
  await writeFile(join(root, 'docs/how-to/halt.md'), '# Halt');
  const list = fileList(await filesOf(root));
  await writeFile(join(root, FILE_LIST), list);
  await writeFile(join(root, FILE_LIST_NOTE), signNote(noteText('0.1.0', list), [signer]));
  return root;
}

describe('the installation check', () => {
  it('R33: passes for what was signed, and names what is not', async () => {
    const root = await installed();
    const good = {
      outcome: 'passed',
      key: 'packager.example',
      files: 4,
      changed: [],
      missing: [],
      added: [],
    };
    expect(await checkInstallation(root, verifier)).toEqual(good);
    await writeFile(join(root, 'dist/b.js'), 'altered');
    await rm(join(root, 'dist/apps/a.js'));
    await writeFile(join(root, 'dist/c.js'), 'more');
    expect(await checkInstallation(root, verifier)).toEqual({
      ...good,
      outcome: 'failed',
      changed: ['dist/b.js'],
      missing: ['dist/apps/a.js'],
      added: ['dist/c.js'],
    });
  });

  it('believes neither another key nor another list', async () => {
    const root = await installed();
    const other = noteVerifier(noteSigner('packager.example', Buffer.alloc(32, 8)).vkey);
    expect(await checkInstallation(root, other)).toMatchObject({
      outcome: 'failed',
      changed: [FILE_LIST_NOTE],
    });
    await writeFile(join(root, 'dist/b.js'), 'altered');
    await writeFile(join(root, FILE_LIST), fileList(await filesOf(root)));
    expect(await checkInstallation(root, verifier)).toMatchObject({
      outcome: 'failed',
      changed: [FILE_LIST],
    });
  });

  it('shows nothing without a signed list, or without a key', async () => {
    const root = await installed();
    expect(await checkInstallation(root, undefined)).toMatchObject({ outcome: 'not shown' });
    await rm(join(root, FILE_LIST_NOTE));
    expect(await checkInstallation(root, verifier)).toMatchObject({ outcome: 'not shown' });
  });
});

describe('the documents', () => {
  it('R34: are those of the release: signed with the build, and told from those of another one', async () => {
    const root = await installed();
    const release = await releaseAt(root);
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const list = `${sha256('# Halt')}  docs/how-to/halt.md\n`;
    expect(release).toMatchObject({ version: '0.1.0', documentsDigest: sha256(list) });
    expect([...release.documents.keys()]).toEqual(['docs/how-to/halt.md']);
    await writeFile(join(root, 'docs/how-to/halt.md'), '# Halt, as it was before');
    const other = await releaseAt(root);
    expect(other.build).toBe(release.build);
    expect(other.documentsDigest).not.toBe(release.documentsDigest);
    expect(await checkInstallation(root, verifier)).toMatchObject({
      outcome: 'failed',
      changed: ['docs/how-to/halt.md'],
    });
    await writeFile(join(root, 'dist/b.js'), 'three');
    expect((await releaseAt(root)).build).not.toBe(release.build);
  });

  it('R34: stand in the pack, each with its digest, beside version and build', async () => {
    const { read, stdout } = await packed(['--format', 'json']);
    const { version, build, documents } = JSON.parse(stdout) as Record<string, string>;
    expect(await read('README.md')).toContain(
      `Holdfast ${version}, build sha256:${build}, documents sha256:${documents}, made at`,
    );
    const text = await read('documents.md');
    const rows = [...text.matchAll(/^\| ((?:docs|tools)\/\S+) \| ([0-9a-f]{64}) \|$/gm)];
    expect(rows.map(([, name]) => name)).toContain('docs/how-to/halt.md');
    const list = rows.map(([, name, digest]) => `${digest}  ${name}\n`).join('');
    expect(createHash('sha256').update(list).digest('hex')).toBe(documents);
    expect(text).toContain(`build sha256:${build}`);
  });
});

describe('the trace table', () => {
  /** The ids apart, or they would be taken for those of a test of ours. */
  const assertion = (ids: string, words: string, status: string) => ({
    fullName: `${ids}: ${words}`,
    status,
  });
  const results = JSON.stringify({
    testResults: [
      {
        name: '/somewhere/libs/a/src/a.spec.ts',
        assertionResults: [
          assertion('a thing R26', 'is no author’s', 'passed'),
          assertion('R01 and R02', 'is kept', 'passed'),
          assertion('R02', 'is kept still', 'failed'),
          assertion('R04', 'says why', 'skipped'),
          assertion('names nothing', 'really', 'passed'),
        ],
      },
    ],
  });

  it('R33: has for each requirement the tests that name it, and what came of them', () => {
    const rows = traceTable(SECTIONS, results);
    const row = (id: string) => rows.find((each) => each.id === id);
    expect(row('R26')).toMatchObject({ result: 'passed', tests: [{ file: 'libs/a/src/a.spec.ts' }] });
    expect(row('R01')?.result).toBe('passed');
    expect(row('R02')).toMatchObject({
      result: 'failed',
      tests: [{ status: 'passed' }, { status: 'failed' }],
    });
    expect(row('R04')?.result).toBe('not shown');
    expect(row('R05')).toMatchObject({ result: 'not shown', tests: [] });
  });

  it('shows nothing without results, and refuses what are none', () => {
    expect(new Set(traceTable(SECTIONS, undefined).map(({ result }) => result))).toEqual(
      new Set(['not shown']),
    );
    for (const wrong of ['no json', '{}', '{"testResults":[{}]}', '[1]'])
      expect(() => traceTable(SECTIONS, wrong)).toThrow(/no JSON report/);
  });
});

const REASON = ['--reason', 'validation of the new version'];
const reason = { code: 'other', text: 'validation of the new version' };
const status = {
  site: { origin: 'site-a' },
  position: '41',
  projections: [],
  evaluationDatabase: false,
  eventStore: { kind: 'postgresql', experimental: false },
  failingSinks: [],
  pausedSinks: [],
  ledger: { verified: null, failing: null, unsealedSince: null },
  clocks: [],
};

async function packed(words: readonly string[], answers?: Parameters<typeof ControlFixture.start>[0]) {
  const cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
  const fixture = await ControlFixture.start(answers ?? {});
  onTestFinished(() => fixture.stop());
  cli.env['HOLDFAST_URL'] = fixture.url;
  const pack = join(folder, 'pack');
  const ran = await cli.run(['validation-pack', pack, ...words]);
  const read = (name: string) => readFile(join(pack, name), 'utf8');
  return { ...ran, read, seen: fixture.seen, pack };
}

describe('the pack', () => {
  it('is whole without a site: what was not done is said, and every file has its checksum', async () => {
    const { exitCode, stdout, read, pack } = await packed([]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Operational test: +not run$/m);
    const sums = [...(await read('SHA256SUMS')).matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)];
    const there = (await readdir(pack, { recursive: true })).filter((name) => /[.](md|json)$/.test(name));
    expect(new Set(sums.map(([, , name]) => name))).toEqual(new Set(there));
    for (const [, sum, name = ''] of sums)
      expect(
        createHash('sha256')
          .update(await read(name))
          .digest('hex'),
      ).toBe(sum);
    for (const name of there) {
      const text = await read(name);
      expect(/complian/i.test(text)).toBe(text.includes('upports compliance with'));
      expect(text).not.toMatch(/\bcompliant\b/i);
    }
    const known = new Set(SECTIONS.flatMap(({ requirements }) => requirements.map(({ id }) => id)));
    expect(
      ((await read('risk-assessment.md')).match(/R\d{2}/g) ?? []).filter((id) => !known.has(id)),
    ).toEqual([]);
    expect(await read('installation.md')).toContain('**Not shown**');
    expect(await read('operational-test.md')).toContain('**Not run**');
    expect((await packed([])).exitCode).toBe(2);
  });

  it('R21: has the letter by which a site certifies to the agency that its signatures bind (11.100(c))', async () => {
    const { read } = await packed([]);
    const letter = await read('letter-11.100c.md');
    expect(letter).toContain('legally binding equivalent of traditional handwritten signatures');
    expect(letter).toContain('21 CFR 11.100(c)');
    expect(letter).toMatch(/A template/);
    expect(await read('SHA256SUMS')).toMatch(/^[0-9a-f]{64} {2}letter-11\.100c\.md$/m);
    expect(await read('README.md')).toContain('letter-11.100c.md');
  });

  it('R35: has templates of the procedures for training and for accountability', async () => {
    const { read } = await packed([]);
    const training = await read('procedures/training.md');
    expect(training).toContain('`holdfast people trained LOGIN ROLE`');
    expect(training).toContain('____');
    const accountability = await read('procedures/accountability.md');
    expect(accountability).toContain('as for what they sign by hand');
    expect(accountability).toContain('____');
  });

  it('has an operational test of real commands, which says before what it leaves', async () => {
    expect((await packed(['--operational-test'])).exitCode).toBe(2);
    const drafted = {
      id: 'CR-2026-0007',
      status: 'drafted',
      cursor: '9',
      recordDigest: null,
      inForce: [],
      accessInForce: null,
    };
    const event = (type: string) => ({ type, reason, actor: { kind: 'person', name: 'Ana' } });
    const answers = {
      'GET /v1/status': [200, status],
      'POST /v1/change-requests': [201, drafted],
      'POST /v1/change-requests/CR-2026-0007/withdraw': [200, { ...drafted, status: 'withdrawn' }],
      'GET /v1/change-requests/CR-2026-0007': [200, { id: 'CR-2026-0007', status: 'withdrawn' }],
      'GET /v1/audit?stream=change-request%2FCR-2026-0007': [
        200,
        { events: [event('ChangeDrafted'), event('ChangeWithdrawn')], next: null },
      ],
    } as const;
    const { exitCode, stderr, read, seen } = await packed(['--operational-test', ...REASON], answers);
    expect(stderr).toContain('leaves one change request in the record');
    // This server takes whoever asks, and commands without a reason: both are found.
    expect(exitCode).toBe(1);
    const steps = JSON.parse(await read('operational-test.json')) as { what: string; passed: boolean }[];
    expect(steps.filter(({ passed }) => !passed).map(({ what }) => what)).toEqual([
      'Who is not signed in is refused',
      'A command without a reason is refused',
    ]);
    expect(seen.map(({ body }) => body)).toContainEqual({
      ring: 'default',
      items: [{ snap: 'holdfast-operational-test', channel: 'latest/stable', revision: 1 }],
      submit: false,
      reason,
    });
    expect(await read('operational-test.md')).toContain('| 6 | Both are in the record');
  });

  it('says of a site that refuses everything which steps failed', async () => {
    const refused = problem(401, 'not-signed-in', 'sign in first');
    const answers = { 'GET /v1/status': refused, 'POST /v1/change-requests': refused };
    expect((await packed(['--operational-test', ...REASON], answers)).exitCode).toBe(4);
  });
});

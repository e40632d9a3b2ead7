import { execFile } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestCli } from '#apps/cli/src/testing/test-cli';
import { SIGNER, writeLedger } from '#apps/cli/src/testing/test-ledger';
import { exportLines } from '#audit-trail/commands/copy-record/export-lines';
import { canonicalBytes, sha256Hex } from '#kernel';
import { entriesPath, noteSigner } from '#tlog';
import { missingProgram } from '../systemd/unit.js';

const run = promisify(execFile);
const missing = await missingProgram('python3', 'openssl');
/** Full bundles and a partial one, and a tile above them. */
const SIZE = 600;

/** Of who did what happened at a position; Ann elsewhere. The last two are a formula to a spreadsheet, and one that looks as if it had been. */
const NAMES: Readonly<Record<number, string>> = { 7: 'Zoë \u202e\u0007', 10: '=cmd()', 11: "'Ann'" };

/** As control would have recorded it; the last one signed. */
const event = (position: number) =>
  Buffer.from(
    canonicalBytes({
      id: `event-${position}`,
      type: position === SIZE - 1 ? 'ChangeApproved' : 'Noted',
      v: 1,
      stream: 'change-request/CR-2026-0001',
      streamRevision: String(position),
      part: [1, 1],
      // An hour that the clock at the site showed twice.
      at: `2026-10-25T0${position % 2}:30:00.000Z`,
      zone: 'Europe/Zurich',
      offset: position % 2 === 0 ? '+02:00' : '+01:00',
      actor:
        position === 9
          ? { kind: 'token', id: 't-ci', name: '=ci', owner: { id: 'p-ann', name: 'Ann' } }
          : { kind: 'person', id: 'p-ann', name: NAMES[position] ?? 'Ann' },
      authorisedBy: [],
      reason: {
        code: 'tested',
        text: position === 8 ? 'two\r\nlines, "quoted" \u2028 and \u0000' : 'on three lines',
        ...(position === 9 ? { ticket: 'OPS-1', standing: { name: 'ci', text: 'nightly' } } : {}),
      },
      cause: 'c',
      correlation: 'r',
      data:
        position === SIZE - 1
          ? { signature: { printedName: 'Ann', signedAt: '2026-10-25T01:30:00.000Z', meaning: 'approved' } }
          : { old: null, new: position },
    }),
  );

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let cli: TestCli;
let bundle: string;
let ledger: string;
beforeEach(async () => {
  cli = new TestCli();
  ledger = join(cli.folder, 'ledger');
  bundle = join(cli.folder, 'bundle');
  await writeLedger(ledger, SIZE, SIGNER, event);
});

const python = (...words: string[]) => pythonWith(process.env['PATH'] ?? '', ...words);

/** @param path where it finds openssl */
async function pythonWith(path: string, ...words: string[]): Promise<Answer> {
  // Nothing of ours is in reach: neither the sources nor any package.
  const given = { cwd: cli.folder, env: { PATH: path }, maxBuffer: 64 * 1024 * 1024 };
  try {
    return { code: 0, ...(await run('python3', ['-I', join(bundle, 'read-trail.py'), ...words], given)) };
  } catch (error) {
    return error as Answer;
  }
}

const make = (folder: string, vkey: string) =>
  cli.run(['audit', 'bundle', folder, '--unrecorded', '--ledger', ledger, '--vkey', vkey]);
const bundled = () => make(bundle, SIGNER.vkey);

describe.skipIf(missing !== undefined)('R10: a bundle, read by Python and openssl alone', () => {
  it('has every event, as it was sealed, with who, what, when, why and the signatures', async () => {
    expect(await bundled()).toMatchObject({
      exitCode: 0,
      stdout: `${bundle}: 600 events of ${SIGNER.name}\n`,
    });
    rmSync(ledger, { recursive: true });
    const { code, stdout, stderr } = await python(bundle, '--vkey', SIGNER.vkey);
    expect(stderr).toMatch(/^600 events, as they were sealed: root \S{43}=\n$/);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split('  ')[0])).toEqual(
      Array.from({ length: SIZE }, (_, i) => String(i)),
    );
    expect(lines[0]).toBe(
      '0  2026-10-25T00:30:00.000Z (2026-10-25 02:30:00 +02:00 Europe/Zurich)  Ann  Noted  change-request/CR-2026-0001  tested: on three lines',
    );
    expect(lines[1]).toContain('1  2026-10-25T01:30:00.000Z (2026-10-25 02:30:00 +01:00 Europe/Zurich)');
    expect(lines[7]).toContain('  Zoë     Noted');
    expect(lines.at(-1)).toContain('[signed by Ann at 2026-10-25T01:30:00.000Z: approved]');
  });

  it('is read whole by the product as well, and by nobody whose key it is not', async () => {
    await bundled();
    expect(await cli.run(['verify', bundle, '--vkey', SIGNER.vkey])).toMatchObject({ exitCode: 0 });
    const other = noteSigner(SIGNER.name, Buffer.alloc(32, 9)).vkey;
    expect(await python(bundle, '--quiet', '--vkey', other)).toMatchObject({
      code: 1,
      stderr: 'WRONG: the checkpoint is not signed with the key that was given\n',
    });
    expect(await make(`${bundle}-2`, other)).toMatchObject({
      exitCode: 6,
    });
    const unchecked = await python(bundle, '--quiet');
    expect(unchecked.code).toBe(2);
    expect(unchecked.stderr).toMatch(/^the signature was NOT checked/);
    expect(unchecked.stderr).not.toContain('as they were sealed');
  });

  it.each([0, 255, 256, 599])('is told from one whose event %i was altered', async (position) => {
    await bundled();
    const file = join(bundle, entriesPath(BigInt(Math.floor(position / 256)), position < 512 ? 256 : 88));
    const text = readFileSync(file).toString('latin1');
    writeFileSync(
      file,
      text.replace(`"id":"event-${position}"`, `"id":"event-${'x'.repeat(String(position).length)}"`),
      'latin1',
    );
    expect(await python(bundle, '--quiet', '--vkey', SIGNER.vkey)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('altered, removed, added or moved') as string,
    });
  });

  it('is told from one whose size, or a file of it, was altered', async () => {
    await bundled();
    const checkpoint = join(bundle, 'checkpoint');
    const note = readFileSync(checkpoint, 'utf8');
    writeFileSync(checkpoint, note.replace('\n600\n', '\n599\n'));
    expect((await python(bundle, '--quiet', '--vkey', SIGNER.vkey)).code).toBe(1);
    writeFileSync(checkpoint, note);
    rmSync(join(bundle, 'tile/entries/001'));
    expect(await python(bundle, '--quiet', '--vkey', SIGNER.vkey)).toMatchObject({ code: 2 });
  });

  it('is called neither good nor wrong where openssl is too old to check the signature', async () => {
    await bundled();
    const old = join(cli.folder, 'openssl');
    writeFileSync(old, '#!/bin/sh\necho "pkeyutl: Unrecognized flag rawin" >&2\nexit 1\n');
    chmodSync(old, 0o755);
    const path = `${cli.folder}:${process.env['PATH']}`;
    expect(await pythonWith(path, bundle, '--quiet', '--vkey', SIGNER.vkey)).toMatchObject({
      code: 2,
      stderr:
        'cannot be read: OSError: openssl could not check the signature: pkeyutl: Unrecognized flag rawin\n',
    });
    const checkpoint = join(bundle, 'checkpoint');
    const forged = Buffer.from(readFileSync(checkpoint));
    forged.write('AAAAAAAA', forged.length - 20);
    writeFileSync(checkpoint, forged);
    expect(await python(bundle, '--quiet', '--vkey', SIGNER.vkey)).toMatchObject({
      code: 1,
      stderr: 'WRONG: the checkpoint is not signed with the key that was given\n',
    });
  });

  it('says in itself how it is read, and needs nothing but the standard library', async () => {
    await bundled();
    const source = readFileSync(join(bundle, 'read-trail.py'), 'utf8');
    expect(source).toContain('THE FORMAT.');
    const imported = [...source.matchAll(/^\s*(?:import|from) (.+)$/gm)].flatMap(([, names = '']) =>
      names.split(', '),
    );
    const { stdout } = await run('python3', ['-c', 'import sys; print(" ".join(sys.stdlib_module_names))']);
    expect(imported.length).toBeGreaterThan(5);
    expect(imported.filter((name) => !stdout.trim().split(' ').includes(name))).toEqual([]);
  });
});

describe.skipIf(missing !== undefined)('R09, R10: a copy, read by Python alone', () => {
  const history = Array.from({ length: SIZE }, (_, i) => event(i));
  let whole = '';
  beforeAll(async () => {
    whole = await exported(history);
  });

  async function exported(events: readonly Buffer[]): Promise<string> {
    const rows = events.map((bytes, i) => ({
      position: String(i),
      sha256: sha256Hex(bytes),
      event: bytes.toString(),
    }));
    async function* once() {
      yield rows;
    }
    let text = '';
    for await (const line of exportLines(once(), true)) text += line;
    return text;
  }

  async function copied(form: 'jsonl' | 'csv', text = whole): Promise<string> {
    cpSync('tools/read-trail.py', join(bundle, 'read-trail.py'), { recursive: true });
    cli.env['HOLDFAST_TOKEN'] = 'token';
    await cli.control({
      'GET /v1/status': [200, { site: { origin: SIGNER.name } }],
      'GET /v1/audit/export': [200, text],
      'GET /v1/audit/export?as=csv': [200, text],
    });
    const file = join(cli.folder, `copy.${form}`);
    expect(await cli.run(['audit', 'export', '--out', file, '--as', form])).toMatchObject({ exitCode: 0 });
    return file;
  }

  it.each(['jsonl', 'csv'] as const)('as %s is whole, and the tree of the sealed state', async (form) => {
    const file = await copied(form);
    await writeLedger(join(cli.folder, 'earlier'), 123, SIGNER, event);
    const all = await python(file);
    expect(all.stderr).toMatch(/^600 events, whole: root /);
    expect(all.stdout.split('\n')).toHaveLength(SIZE + 1);
    for (const sealed of [ledger, join(cli.folder, 'earlier')])
      expect(
        await python(file, '--quiet', '--vkey', SIGNER.vkey, '--checkpoint', join(sealed, 'checkpoint')),
      ).toMatchObject({ code: 0, stdout: '' });
    expect(await python(file, '--quiet', '--checkpoint', join(ledger, 'checkpoint'))).toMatchObject({
      code: 2,
    });
    await writeLedger(join(cli.folder, 'other'), 123, SIGNER, (i) => event(i + 1));
    expect(
      await python(
        file,
        '--quiet',
        '--vkey',
        SIGNER.vkey,
        '--checkpoint',
        join(cli.folder, 'other/checkpoint'),
      ),
    ).toMatchObject({ code: 1, stderr: expect.stringContaining('not those of the sealed state') as string });
  });

  it.each(['jsonl', 'csv'] as const)('as %s that breaks off anywhere is noticed', async (form) => {
    const file = await copied(form);
    const bytes = readFileSync(file);
    const lastLine = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
    for (const length of [200_000, lastLine, lastLine - 1, lastLine - 3, bytes.length - 30]) {
      writeFileSync(file, bytes.subarray(0, length));
      const { code, stderr } = await python(file, '--quiet');
      expect({ length, code, stderr: stderr.slice(0, 5) }).toEqual({
        length,
        code: expect.toBeOneOf([1, 2]) as number,
        stderr: expect.toBeOneOf(['WRONG', 'canno']) as string,
      });
    }
    writeFileSync(file, bytes.toString().replace('event-599', 'event-598'));
    expect(await python(file, '--quiet')).toMatchObject({ code: 1 });
  });

  it.each([
    ['jsonl', 'a line that does not end', 'x', 'line'],
    ['csv', 'a line that does not end', 'x', 'record'],
    ['csv', 'a quotation that does not end', '"\n""', 'record'],
  ] as const)('as %s with %s is wrong, and is not held in memory', async (form, _what, piece, unit) => {
    const file = await copied(form);
    const text = readFileSync(file, 'utf8');
    const second = text.indexOf('\n') + 1;
    writeFileSync(file, text.slice(0, second) + piece.repeat((64 * 1024 * 1024) / piece.length));
    // Python itself takes some 20 MiB.
    const limited =
      'import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_DATA, (48 << 20, 48 << 20))';
    const script = `${limited}; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name="__main__")`;
    const asked = ['-I', '-c', script, join(bundle, 'read-trail.py'), file, '--quiet'];
    await expect(run('python3', asked)).rejects.toMatchObject({
      code: 1,
      stderr: `WRONG: it breaks off within a ${unit}\n`,
    });
  });

  it.each([
    ['jsonl', 'line 11, position 10'],
    // Behind the headers, and a column of two lines at position 8.
    ['csv', 'line 13'],
  ] as const)(
    'as %s with an event that is nested too deeply is said not to be read, and where',
    async (form, where) => {
      const deep = `"data":${'['.repeat(30_000)}${']'.repeat(30_000)}`;
      const nested = event(10).toString().replace('"data":{"new":10,"old":null}', deep);
      expect(nested).toContain(deep);
      const file = await copied(form, await exported(history.with(10, Buffer.from(nested))));
      expect(await python(file)).toMatchObject({
        code: 2,
        stderr: `cannot be read: ValueError: ${file}, ${where}: its JSON is nested too deeply\n`,
      });
    },
  );

  it.each(['jsonl', 'csv'] as const)('as %s that goes on after its end is noticed', async (form) => {
    const file = await copied(form);
    const bytes = readFileSync(file);
    const second = bytes.indexOf('\n') + 1;
    const more = bytes.subarray(second, bytes.indexOf('\n', second) + 1);
    writeFileSync(file, Buffer.concat([bytes, more]));
    expect(await python(file, '--quiet')).toMatchObject({
      code: 1,
      stderr: 'WRONG: more follows after its last line\n',
    });
  });

  it.each([
    ['Time (UTC)', '0,2026-10-25T00:30:00.000Z', '0,2026-10-24T00:30:00.000Z'],
    ['At the site', ',2026-10-25 02:30:00.000 +02:00 ', ',2026-10-25 01:30:00.000 +02:00 '],
    ['By', ',Ann,Noted,', ',Bob,Noted,'],
    ['Event', ',Ann,Noted,', ',Ann,ChangeApproved,'],
    ['Record', ',change-request/CR-2026-0001,', ',change-request/CR-2026-0002,'],
    ['Why', ',tested: on three lines,', ',tested: on four lines,'],
  ])('as CSV whose column %s says another thing than the event is noticed', async (column, from, to) => {
    const file = await copied('csv');
    const lines = readFileSync(file, 'latin1').replace(from, to).split('\r\n');
    const end = lines.findIndex((line) => line.startsWith('end,'));
    const before = Buffer.from(`${lines.slice(0, end).join('\r\n')}\r\n`, 'latin1');
    const last = (lines[end] ?? '').replace(/[0-9a-f]{64}/, sha256Hex(before));
    writeFileSync(file, `${before.toString('latin1')}${last}\r\n`, 'latin1');
    expect(await python(file, '--quiet')).toMatchObject({
      code: 1,
      stderr: `WRONG: position 0: the column ${column} does not say what the event says\n`,
    });
  });
});

import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ChangeDesk } from '#test/support/change-desk';
import { TestCli } from '../../testing/test-cli.js';

const WHY = ['--reason', 'the report of TP-88, signed by the lab'];
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

let desk: ChangeDesk;
let url: string;
let id: string;
beforeAll(async () => {
  desk = await ChangeDesk.open({ ana: ['author'] });
  url = await desk.control.listen();
  id = await desk.submit('ana', {
    items: [{ snap: 'lab-hello', channel: 'stable', revision: 1 }],
    submit: false,
  });
});
afterAll(() => desk?.close());

let cli: TestCli;
beforeEach(async () => {
  cli = new TestCli();
  cli.env['HOLDFAST_URL'] = url;
  cli.env['HOLDFAST_TOKEN'] = await desk.control.signIn('ana');
});

it('sends a file, lists it, and fetches it as it was', async () => {
  const report = Buffer.alloc(3_000_000, 'report ');
  const file = join(cli.folder, 'test-report.pdf');
  await writeFile(file, report);
  expect(await cli.run(['change', 'attach', id, file, ...WHY])).toMatchObject({
    exitCode: 0,
    stdout: `${id} drafted\nsha256:${sha256(report)}\n`,
  });
  await desk.catchUp();
  const listed = await cli.run(['change', 'attachments', id]);
  expect(listed.stdout).toMatch(/^test-report\.pdf +application\/pdf +3000000 +yes +ana of the team/m);
  const output = join(cli.folder, 'fetched.pdf');
  const get = ['change', 'attachment', 'get', id, 'test-report.pdf', '--output', output];
  expect(await cli.run(get)).toMatchObject({ exitCode: 0 });
  expect(sha256(await readFile(output))).toBe(sha256(report));
  expect(await cli.run(get)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('is there already') as string,
  });
  expect(await cli.run(['change', 'attach', id, file, ...WHY])).toMatchObject({ exitCode: 5 });
  await desk.act('ana', id, 'submit');
  expect((await cli.run(['change', 'show', id])).stdout).toMatch(
    /^test-report\.pdf +application\/pdf +3000000 +yes/m,
  );
});

it('says what it cannot read, does not know, or must not keep', async () => {
  expect(await cli.run(['change', 'attach', id, join(cli.folder, 'none'), ...WHY])).toMatchObject({
    exitCode: 2,
  });
  const output = join(cli.folder, 'fetched');
  expect(await cli.run(['change', 'attachment', 'get', id, 'none', '--output', output])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`${id} has no attachment "none"`) as string,
  });
  await expect(stat(output)).rejects.toThrow('ENOENT');
});

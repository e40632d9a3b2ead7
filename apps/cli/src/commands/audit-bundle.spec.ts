import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';
import { SIGNER, writeLedger } from '../testing/test-ledger.js';

const NOTED = 'POST /v1/record-copies';

let cli: TestCli;
let folder: string;
let words: readonly string[];
beforeEach(async () => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
  const ledger = join(cli.folder, 'ledger');
  folder = join(cli.folder, 'bundle');
  words = ['audit', 'bundle', folder, '--ledger', ledger, '--vkey', SIGNER.vkey];
  await writeLedger(ledger, 5);
});

it('R01: a bundle is made once that is in the record', async () => {
  const fixture = await cli.control({ [NOTED]: [200, { cursor: '9' }] });
  const { exitCode, stdout } = await cli.run([...words]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${folder}: 5 events of ${SIGNER.name}\n` });
  expect(fixture.seen.map(({ body }) => body)).toEqual([{ of: 'bundle' }]);
});

it('R01: no bundle is made where that cannot be recorded, but of the files alone, which is asked for', async () => {
  await cli.control({ [NOTED]: problem(503, 'unavailable', 'the database does not answer') });
  expect((await cli.run([...words])).exitCode).not.toBe(0);
  expect(existsSync(folder)).toBe(false);
  const fixture = await cli.control({});
  expect((await cli.run([...words, '--unrecorded'])).exitCode).toBe(0);
  expect(fixture.seen).toEqual([]);
  expect(existsSync(join(folder, 'checkpoint'))).toBe(true);
});

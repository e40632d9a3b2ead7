import { beforeEach, describe, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';

const URL = '/v1/people/ben/training';

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('R35: people', () => {
  it('trained says for which role, on which document, and until when', async () => {
    const { seen } = await cli.control({ [`POST ${URL}`]: [200, { cursor: '7' }] });
    const args = ['people', 'trained', 'ben', 'approver', '--document', 'SOP-7', '--edition', '3'];
    const why = ['--reason', 'course of today, sheet 12'];
    expect(await cli.run([...args, '--until', '2027-11-30', ...why])).toMatchObject({
      exitCode: 0,
      stdout: 'ben is trained for the role approver until 2027-11-30T00:00:00Z\n',
    });
    expect(seen).toMatchObject([
      { body: { role: 'approver', document: 'SOP-7', version: '3', until: '2027-11-30T00:00:00Z' } },
    ]);
    expect(await cli.run([...args, ...why])).toMatchObject({ exitCode: 2 });
    expect(seen).toHaveLength(1);
  });

  it('training lists what is recorded', async () => {
    const row = {
      role: 'qa',
      document: 'SOP-7',
      version: '3',
      until: '2027-11-30T00:00:00Z',
      current: false,
    };
    await cli.control({ [`GET ${URL}`]: [200, { training: [row] }] });
    const { stdout } = await cli.run(['people', 'training', 'ben']);
    expect(stdout).toMatch(/^qa +SOP-7 +3 +2027-11-30T00:00:00Z +no$/m);
  });
});

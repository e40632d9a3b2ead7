import { beforeEach, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
});

const CELL = {
  state: 'deployed',
  applicable: true,
  evaluatedIn: ['CR-1'],
  testedIn: [],
  approvedIn: ['CR-1'],
  devices: 3,
  notApplied: null,
  behindDays: null,
  takenOnDays: null,
  reviewDue: false,
};
const HELD = {
  ...CELL,
  state: 'not-applied',
  devices: 0,
  notApplied: { reason: 'it holds 7, "for now"', mitigation: '=not reachable' },
  behindDays: 31,
  reviewDue: true,
};
const MATRIX = {
  rings: ['pilot', 'production'],
  updates: [
    {
      snap: 'lab-hello',
      snapId: 'id',
      revision: 8,
      version: '8.0',
      offered: [],
      gone: false,
      cells: [CELL, HELD],
    },
  ],
  leftOut: 0,
};

it('R37: shows each update in each ring, why one is not applied, and which hold is to be reviewed', async () => {
  await cli.control({ 'GET /v1/update-matrix?snap=lab-hello&reviewAfterDays=30': [200, MATRIX] });
  const { exitCode, stdout, stderr } = await cli.run(['matrix', 'lab-hello', '--review-after', '30']);
  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    'Snap       Rev  Version  pilot         production\n' +
      'lab-hello  8    8.0      deployed (3)  not-applied !\n\n' +
      'Not applied  Ring        Why                    Mitigation\n' +
      'lab-hello 8  production  it holds 7, "for now"  =not reachable\n',
  );
  expect(stderr).toBe('! Ring production has held lab-hello back for 31 days: review it\n');
});

it('R37: names what was taken on and is not applied, with the request', async () => {
  const taken = { ...CELL, state: 'evaluated', devices: 0, takenOnDays: 40, reviewDue: true };
  const updates = MATRIX.updates.map((update) => ({ ...update, cells: [CELL, taken] }));
  await cli.control({ 'GET /v1/update-matrix': [200, { ...MATRIX, updates }] });
  const { stdout, stderr } = await cli.run(['matrix']);
  expect(stdout).toContain('evaluated !');
  expect(stderr).toBe(
    '! Ring production does not have lab-hello 8, taken on 40 days ago (CR-1): decide on it\n',
  );
});

it('R37: is CSV for a spreadsheet, in which no field is a formula, and JSON for programs', async () => {
  await cli.control({ 'GET /v1/update-matrix': [200, MATRIX] });
  expect((await cli.run(['matrix', '--csv'])).stdout).toBe(
    'snap,snap-id,revision,version,ring,state,applicable,evaluated-in,tested-in,approved-in,devices,reason,mitigation,behind-days,taken-on-days,review-due\r\n' +
      'lab-hello,id,8,8.0,pilot,deployed,true,CR-1,,CR-1,3,,,,,false\r\n' +
      `lab-hello,id,8,8.0,production,not-applied,true,CR-1,,CR-1,0,"it holds 7, ""for now""",'=not reachable,31,,true\r\n`,
  );
  expect(JSON.parse((await cli.run(['matrix', '--format', 'json'])).stdout)).toEqual(MATRIX);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';

const RULES = {
  default: { approvals: 1, roles: { approver: 1 }, order: 'any' },
  kinds: {
    override: { approvals: 3, roles: { approver: 1, qa: 1 }, order: ['approver', 'qa'] },
    'approval-policy': { approvals: 2, roles: {}, order: 'any' },
  },
  freezes: [
    {
      from: 'fri 18:00',
      to: 'mon 06:00',
      zone: 'Europe/Zurich',
      reason: 'nobody is in: call 112',
      emergencies: 'pass',
    },
  ],
  ticket: { system: 'servicedesk', approved: 'before-effect' },
};
const FROZEN = { until: '2026-11-30T05:00:00.000Z', why: 'nobody is in: call 112', emergencies: 'pass' };
const TEXT = `# ring pilot, version 4, set by CR-2026-0007
# frozen until 2026-11-30T05:00:00.000Z
default:
  approvals: 1
  roles:
    approver: 1
override:
  approvals: 3
  roles:
    approver: 1
    qa: 1
  order:
    - approver
    - qa
approval-policy:
  approvals: 2
freezes:
  - from: fri 18:00
    to: mon 06:00
    zone: Europe/Zurich
    reason: "nobody is in: call 112"
    emergencies: pass
ticket:
  system: servicedesk
  approved: before-effect
`;
const REASON = ['--reason', 'two persons from now on, per QA-SOP-12'];

let cli: TestCli;
let file: string;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'session';
  file = join(cli.folder, 'approvals.yaml');
});

const set = (...more: string[]) =>
  cli.run(['approval-policy', 'set', 'pilot', '--file', file, ...REASON, ...more]);

describe('R26: approval-policy', () => {
  it('show prints what set takes', async () => {
    const submitted = { id: 'CR-2026-0042', status: 'submitted', cursor: '17', inForce: [] };
    const { seen } = await cli.control({
      'GET /v1/approval-policies/pilot': [
        200,
        { ring: 'pilot', version: 4, changeRequest: 'CR-2026-0007', rules: RULES, frozen: FROZEN },
      ],
      'POST /v1/change-requests': [202, { ...submitted, accessInForce: { ring: 'pilot' } }],
    });
    const { exitCode, stdout } = await cli.run(['approval-policy', 'show', 'pilot']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: TEXT });
    await writeFile(file, stdout);
    expect(await set()).toMatchObject({
      exitCode: 0,
      stdout: 'CR-2026-0042 submitted\nring pilot keeps its approval policy\n',
    });
    expect(seen[1]?.body).toMatchObject({
      ring: 'pilot',
      items: [{ kind: 'approval-policy', rules: RULES }],
      submit: true,
      reason: { text: 'two persons from now on, per QA-SOP-12' },
    });
  });

  it('set asks the server nothing for a file that is wrong, and names each line', async () => {
    const { seen } = await cli.control({});
    await writeFile(
      file,
      `override:
  approvals: 6
  roles: {admin: 1, qa: x}
  order: [qa, boss]
everything: {approvals: 1}
access: {order: never}
ticket: {approved: whenever, sytem: x}
`,
    );
    const { exitCode, stderr } = await set();
    expect(exitCode).toBe(2);
    for (const line of [
      `${file}:1: the file has no rule "default", for all kinds without a rule of their own`,
      `${file}:2: approvals must be a number from 1 to 5, not 6`,
      `${file}:3: admin is not known: approver, qa`,
      `${file}:3: qa must be a number from 1 to 5, not x`,
      `${file}:4: boss is not known: approver, qa`,
      `${file}:5: everything is not known: default, override`,
      `${file}:6: access must say how many approvals it takes`,
      `${file}:6: order must be any, or a list of approver and qa`,
      `${file}:7: ticket does not say "system"`,
      `${file}:7: approved must be before-signing or before-effect, not whenever`,
      `${file}:7: sytem is not known: system, approved`,
    ])
      expect(stderr).toContain(line);
    expect(seen).toEqual([]);
  });

  it('set takes a file that is there, and a reason', async () => {
    const { seen } = await cli.control({});
    expect(await set()).toMatchObject({ exitCode: 1 });
    await writeFile(file, TEXT);
    expect(await cli.run(['approval-policy', 'set', 'pilot', '--file', file])).toMatchObject({ exitCode: 2 });
    expect(await cli.run(['approval-policy', 'set', 'pilot', ...REASON])).toMatchObject({ exitCode: 2 });
    expect(seen).toEqual([]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { recordDigest } from '#kernel';
import { problem } from '../../testing/control-fixture.js';
import { REASON, TARGET, RECORD, DIGEST, VIEW, APPROVED, SHOW, APPROVE } from '../../testing/lab-change.js';
import { TestCli } from '../../testing/test-cli.js';

let cli: TestCli;

beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

const approve = (...more: string[]) =>
  cli.run(['change', 'approve', 'CR-2026-0042', '--password-stdin', ...REASON, ...more], 'correct horse\n');

describe('R17: change review', () => {
  it('shows the record, and signs that it was reviewed, which is no approval', async () => {
    const reviewed = APPROVE.replace('approve', 'review');
    const { seen } = await cli.control({
      [SHOW]: [200, VIEW],
      [reviewed]: [200, { ...APPROVED, status: 'in-review' }],
    });
    const args = ['change', 'review', 'CR-2026-0042', '--password-stdin', ...REASON];
    const { exitCode, stdout, stderr } = await cli.run(args, 'correct horse\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'CR-2026-0042 in-review\n' });
    expect(stderr).toContain(`Digest:     sha256:${DIGEST}\n`);
    expect(seen.filter(({ request }) => request.startsWith('POST'))).toMatchObject([
      { request: reviewed, body: { recordDigest: DIGEST, password: 'correct horse' } },
    ]);
  });
});

describe('change approve', () => {
  it('shows the record, then signs the digest of what was shown, with the password', async () => {
    const { seen } = await cli.control({ [SHOW]: [200, VIEW], [APPROVE]: [200, APPROVED] });
    const { exitCode, stdout, stderr } = await approve();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'CR-2026-0042 approved\n' });
    expect(stderr).toContain(`Digest:     sha256:${DIGEST}\n`);
    expect(stderr).toMatch(
      /^core18 {2}stable {3}amd64 {2}upstream {2}1722 {6}snap:CSO04Jhav2yK0uz97cr0ipQRyqg0qQL6 {2}sha256:(ab){32}$/m,
    );
    expect(stderr).toMatch(/^core18 {2}stable {3}armhf {2}1705 {6}upstream .* -$/m);
    expect(seen.at(-1)).toEqual({
      request: APPROVE,
      authorization: 'Bearer token',
      body: {
        recordDigest: DIGEST,
        password: 'correct horse',
        reason: { code: 'other', text: 'tested on three devices' },
      },
    });
  });

  it('signs nothing when the server names the digest of another record, and exits 6', async () => {
    const swapped = { ...RECORD, reason: { ...RECORD.reason, text: 'something harmless' } };
    const { seen } = await cli.control({
      [SHOW]: [200, { ...VIEW, record: swapped }],
      [APPROVE]: [200, APPROVED],
    });
    expect(await approve()).toMatchObject({ exitCode: 6, stdout: '' });
    expect(seen.map(({ request }) => request)).toEqual([SHOW]);
  });

  it("signs nothing when another request's record is shown", async () => {
    const other = { ...RECORD, id: 'CR-2026-0043' };
    const digest = recordDigest({ record: 'change-request', ...other });
    const { seen } = await cli.control({ [SHOW]: [200, { ...VIEW, record: other, recordDigest: digest }] });
    expect(await approve()).toMatchObject({ exitCode: 6 });
    expect(seen).toHaveLength(1);
  });

  it('refuses what is not captured yet, with exit code 5', async () => {
    await cli.control({ [SHOW]: [200, { ...VIEW, status: 'submitted', record: null, recordDigest: null }] });
    expect(await approve()).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('submitted') as string,
    });
  });

  it('goes on only with the digest that it is told to expect', async () => {
    const { seen } = await cli.control({ [SHOW]: [200, VIEW], [APPROVE]: [200, APPROVED] });
    expect(await approve('--record-digest', 'ff'.repeat(32))).toMatchObject({ exitCode: 6 });
    expect(seen).toHaveLength(1);
    expect(await approve('--record-digest', DIGEST)).toMatchObject({ exitCode: 0 });
  });

  it("exits 4 for one's own request", async () => {
    await cli.control({
      [SHOW]: [200, VIEW],
      [APPROVE]: problem(403, 'author-cannot-approve', 'nobody approves their own request'),
    });
    expect(await approve()).toMatchObject({ exitCode: 4 });
  });
});

describe('change', () => {
  it('reject signs the other meaning', async () => {
    const request = 'POST /v1/change-requests/CR-2026-0042/reject';
    const { seen } = await cli.control({
      [SHOW]: [200, VIEW],
      [request]: [200, { ...APPROVED, status: 'rejected' }],
    });
    const args = ['change', 'reject', 'CR-2026-0042', '--password-stdin', ...REASON];
    expect(await cli.run(args, 'correct horse\n')).toMatchObject({
      exitCode: 0,
      stdout: 'CR-2026-0042 rejected\n',
    });
    expect(seen.at(-1)).toMatchObject({ request, body: { recordDigest: DIGEST } });
  });

  it.each(['withdraw', 'submit', 'recall', 'close'])('%s says why', async (verb) => {
    const request = `POST /v1/change-requests/CR-2026-0042/${verb}`;
    const { seen } = await cli.control({ [request]: [200, { ...APPROVED, status: 'done' }] });
    expect(await cli.run(['change', verb, 'CR-2026-0042', ...REASON])).toMatchObject({ exitCode: 0 });
    expect(seen).toMatchObject([{ body: { reason: { code: 'other', text: 'tested on three devices' } } }]);
  });

  it('show prints the record and its history', async () => {
    await cli.control({ [SHOW]: [200, VIEW] });
    const { stdout } = await cli.run(['change', 'show', 'CR-2026-0042']);
    expect(stdout).toMatch(/^Status: {5}captured$/m);
    expect(stdout).toContain('Reason:     security-fix: CVE-2026-1234 fixed in 1722 (CHG-2042)\n');
    expect(stdout).toMatch(
      /^41 {8}2026-11-22T12:48:14\.123Z {2}Ada Lovelace {2}ChangeDrafted {2}security-fix: /m,
    );
  });

  it('show prints what is asked of the access policy, and what it was resolved to', async () => {
    const items = [
      { kind: 'access', access: 'gated' },
      { kind: 'deny', format: 'snap', name: 'lab-tool', listed: true },
    ];
    await cli.control({
      [SHOW]: [200, { ...VIEW, status: 'submitted', items, record: null, recordDigest: null, missing: [] }],
    });
    const asked = await cli.run(['change', 'show', RECORD.id]);
    expect(asked.stdout).toContain(
      '\nasked for: access gated\nasked for: lab-tool on the deny list\n\nPosition',
    );
    const changes = [
      ...RECORD.changes.slice(0, 1),
      { kind: 'access', old: 'open', new: 'gated' },
      { kind: 'listing', format: 'snap', subject: 'id-of-tool', name: 'lab-tool', old: null, new: 'denied' },
    ];
    const record = { ...RECORD, items, changes };
    await cli.control({ [SHOW]: [200, { ...VIEW, record }] });
    const resolved = await cli.run(['change', 'show', RECORD.id]);
    expect(resolved.stdout).toContain(
      '\nPolicy               Old         New     Subject\n' +
        'access               open        gated   -\n' +
        'listing of lab-tool  on no list  denied  snap:id-of-tool\n',
    );
    expect(resolved.stdout).toContain('core18  stable');
  });

  it('show of none exits 3', async () => {
    await cli.control({
      [SHOW]: problem(404, 'no-such-change-request', 'there is no change request CR-2026-0042'),
    });
    expect(await cli.run(['change', 'show', 'CR-2026-0042'])).toMatchObject({ exitCode: 3 });
  });

  it('R17 and R18: show prints each signature with name, date and time, and meaning, and what is needed', async () => {
    const signature = { signer: 'person-2', components: ['password'], credential: 'c', recordDigest: DIGEST };
    const signatures = [
      {
        ...signature,
        printedName: 'Ben Okafor',
        signedAt: '2026-11-23T08:00:00.000Z',
        meaning: 'approved',
        roles: ['approver'],
        policyVersion: 3,
        counts: true,
      },
      {
        ...signature,
        printedName: 'Eva Lind',
        signedAt: '2026-11-23T09:00:00.000Z',
        meaning: 'approved',
        counts: false,
      },
    ];
    const missing = ['1 more signature, 1 with the role qa'];
    await cli.control({ [SHOW]: [200, { ...VIEW, status: 'in-review', signatures, missing }] });
    const { stdout } = await cli.run(['change', 'show', RECORD.id]);
    expect(stdout).toContain(
      '\nSigned by   Date and time             Meaning                                                                                In the role  Approval policy\n' +
        'Ben Okafor  2026-11-23T08:00:00.000Z  approved                                                                               approver     version 3\n' +
        'Eva Lind    2026-11-23T09:00:00.000Z  approved (does not count: disabled, reset or without the role since, or signed again)  -            -\n' +
        '\nneeded: 1 more signature, 1 with the role qa\n\nPosition',
    );
  });

  it('R26: approve shows who signed before, and says that more signatures are needed', async () => {
    await cli.control({
      [SHOW]: [200, { ...VIEW, missing: ['2 more signatures'] }],
      [APPROVE]: [200, { ...APPROVED, status: 'in-review' }],
    });
    const { stdout, stderr } = await approve();
    expect(stdout).toBe('CR-2026-0042 in-review\n');
    expect(stderr).toContain('needed: 2 more signatures\n');
    expect(stderr).toContain('It needs more signatures: holdfast change show CR-2026-0042\n');
  });

  it.each([
    ['submitted', 'try again'],
    ['capture-refused', 'its author revises it'],
    ['drafted', 'has not submitted it yet'],
    ['approved', 'it was never captured'],
  ])('approve of what is %s says why there is nothing to sign', async (status, why) => {
    const { seen } = await cli.control({
      [SHOW]: [200, { ...VIEW, status, record: null, recordDigest: null }],
    });
    const { exitCode, stderr } = await approve();
    expect(exitCode).toBe(5);
    expect(stderr).toContain(`CR-2026-0042 is ${status}: `);
    expect(stderr).toContain(why);
    expect(seen.filter(({ request }) => request.startsWith('POST '))).toEqual([]);
  });

  it.each(['rejected', 'stale', 'effective', 'closed'])(
    'approve asks for no password where the request is %s already',
    async (status) => {
      const { seen } = await cli.control({ [SHOW]: [200, { ...VIEW, status }] });
      const { exitCode, stderr } = await approve();
      expect({ exitCode, stderr }).toEqual({
        exitCode: 5,
        stderr: `error: CR-2026-0042 is ${status}: it takes no signature any more. See it with: holdfast change show CR-2026-0042\n`,
      });
      expect(seen.filter(({ request }) => request.startsWith('POST '))).toEqual([]);
    },
  );

  it('list says when there is more, beside the data', async () => {
    const row = {
      id: 'CR-2026-0042',
      ring: 'default',
      status: 'captured',
      author: 'Ada',
      reason: { code: 'security-fix', text: 'CVE-2026-1234 is fixed in 1722' },
      firstPosition: '41',
      lastPosition: '43',
    };
    await cli.control({
      'GET /v1/change-requests?status=captured&limit=1': [200, { changeRequests: [row], next: '41' }],
    });
    const { stdout, stderr } = await cli.run([
      'change',
      'list',
      '--status',
      'captured',
      '--limit',
      '1',
      '--format',
      'json',
    ]);
    expect(JSON.parse(stdout)).toEqual([row]);
    expect(stderr).toBe('There is more: --after 41\n');
    const table = await cli.run(['change', 'list', '--status', 'captured', '--limit', '1']);
    expect(table.stdout).toContain('43        security-fix: CVE-2026-1234 is fixed in 1722\n');
  });

  it('takes an id for an id, whatever it holds', async () => {
    const { seen } = await cli.control({});
    await cli.run(['change', 'show', '../people?x=1']);
    expect(seen[0]?.request).toBe('GET /v1/change-requests/..%2Fpeople%3Fx%3D1');
  });

  const DIFFERENCE = {
    lines: [
      { what: 'base', old: 'core22', new: 'core24' },
      { what: 'hook install\u001b[2J', old: null, new: 'runs' },
    ],
    marks: [{ code: 'new-hook', text: 'hook install\u001b[2J: runs by itself' }],
    omitted: 3,
  };
  const target = (architecture: string) => ({ ...TARGET, architecture });
  const DIFFERENCES = {
    id: RECORD.id,
    ring: 'default',
    status: 'captured',
    recordDigest: DIGEST,
    targets: [
      {
        name: 'core18',
        target: target('amd64'),
        old: '1705',
        new: '1722',
        difference: DIFFERENCE,
        installed: [{ revision: 1705, devices: 12 }],
        ring: 'default',
      },
      {
        name: 'core18',
        target: target('arm64'),
        old: '1705',
        new: '1722',
        difference: DIFFERENCE,
        installed: [],
        ring: 'default',
      },
      {
        name: 'lab-hello',
        target: target('amd64'),
        old: '5',
        new: null,
        difference: null,
        installed: [],
        ring: 'default',
      },
    ],
    countedAt: '2026-11-27T08:00:00.000Z',
    devices: 14,
    unidentified: 1,
    held: [{ name: 'lab-tool', channel: 'latest/stable', architecture: 'amd64', version: '3' }],
    heldCount: 2,
  };

  it('show --diff prints old → new, what to look at twice, and whom it is about, with nothing of it for the terminal', async () => {
    await cli.control({ [`${SHOW}/differences`]: [200, DIFFERENCES] });
    const { stdout } = await cli.run(['change', 'show', RECORD.id, '--diff']);
    expect(stdout).toBe(`Snap:     core18
Version:  1705 → 1722
For:      stable amd64: 12 devices have 1705
For:      stable arm64: no device said that it has it
Look twice
hook install [2J: runs by itself
What              Old     New
base              core22  core24
hook install [2J  -       runs
3 lines or marks are not in the record, or not whole

Snap:     lab-hello
Version:  5 → upstream
For:      stable amd64: no device said that it has it

Ring:         default
Devices:      14, and 1 reports that no store vouches for
Counted:      2026-11-27T08:00:00.000Z
Held beside:  2

Held beside  Channel  Arch   Version
lab-tool     stable   amd64  3

1 more are held: holdfast list-overrides
`);
  });

  it('approve shows what to look at twice, by the record that is signed', async () => {
    const [first, ...rest] = RECORD.changes;
    const record = { ...RECORD, changes: [{ ...first, difference: DIFFERENCE }, ...rest] };
    const digest = recordDigest({ record: 'change-request', ...record });
    await cli.control({
      [SHOW]: [200, { ...VIEW, record, recordDigest: digest }],
      [APPROVE]: [200, APPROVED],
    });
    const { exitCode, stderr } = await approve();
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'Look twice   Why\n' +
        'core18 1722  hook install [2J: runs by itself\n' +
        'core18 1722  3 lines or marks are not in the record, or not whole\n',
    );
    expect(stderr).toContain('All that differs: holdfast change show CR-2026-0042 --diff\n');
  });
});

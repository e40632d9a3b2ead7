import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ControlFixture, problem } from '../../testing/control-fixture.js';
import { TestCli } from '../../testing/test-cli.js';

const REASON = ['--reason', 'the operations room has a new display'];
const reason = { code: 'other', text: 'the operations room has a new display' };
const URL = 'https://ops.example/hook';
const sink = {
  name: 'ops',
  kind: 'webhook',
  address: URL,
  about: [],
  types: [],
  giveUpAfterHours: 24,
  status: 'active',
  failingSince: null,
};

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

async function control(answers: Parameters<typeof ControlFixture.start>[0]): Promise<ControlFixture> {
  const fixture = await ControlFixture.start(answers);
  onTestFinished(() => fixture.stop());
  cli.env['HOLDFAST_URL'] = fixture.url;
  return fixture;
}

describe('sink', () => {
  it('lists them, and says which takes nothing', async () => {
    const trying = {
      position: '812',
      since: '2026-11-24T08:00:00.000Z',
      attempts: 3,
      nextAt: '2026-11-24T08:01:00.000Z',
      why: 'it answers with status 503',
    };
    const line = { ...sink, nextPosition: '812', deliveredAt: null, trying, deadLetters: 2 };
    await control({ 'GET /v1/sinks': [200, { sinks: [line] }] });
    const { stdout, stderr, exitCode } = await cli.run(['sink', 'list']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ops +webhook +https:\/\/ops\.example\/hook +everything +trying again +812 +2$/m);
    expect(stderr).toContain('does not take the event at position 812');
  });

  it('adds a webhook, and shows its secret once', async () => {
    const { seen } = await control({ 'POST /v1/sinks': [201, { sink, secret: 'whsec_abc', cursor: '9' }] });
    const words = [
      'sink',
      'add',
      'webhook',
      'ops',
      URL,
      '--about',
      'halts',
      '--type',
      'OverrideSet',
      '--from-position',
      '0',
      ...REASON,
    ];
    expect(await cli.run(words)).toMatchObject({ exitCode: 0, stdout: 'Sink:    ops\nSecret:  whsec_abc\n' });
    expect(seen[0]?.body).toEqual({
      name: 'ops',
      kind: 'webhook',
      address: URL,
      about: ['halts'],
      types: ['OverrideSet'],
      fromPosition: '0',
      reason,
    });
    expect(
      (await cli.run(['sink', 'add', 'webhook', 'ops', URL, '--about', 'rumours', ...REASON])).exitCode,
    ).toBe(2);
    expect(
      (await cli.run(['sink', 'add', 'webhook', 'ops', URL, '--from-position', 'x', ...REASON])).exitCode,
    ).toBe(2);
  });

  it('adds a mail, whose credentials come by standard input, and a syslog server', async () => {
    const { seen } = await control({ 'POST /v1/sinks': [201, { sink, secret: null, cursor: '9' }] });
    const to = ['--from', 'holdfast@site.example', '--role', 'approver', 'qa', '--to', 'all@site.example'];
    const added = await cli.run(
      ['sink', 'add', 'mail', 'board', 'smtps://mail.example', ...to, '--credentials', ...REASON],
      'holdfast:hunter2\n',
    );
    expect(added).toMatchObject({ exitCode: 0, stdout: 'Sink:  board\n', stderr: '' });
    expect(
      (await cli.run(['sink', 'add', 'syslog', 'siem', 'syslog+tls://siem.example', ...REASON])).exitCode,
    ).toBe(0);
    expect(seen.map(({ body }) => body)).toEqual([
      {
        name: 'board',
        kind: 'mail',
        address: 'smtps://mail.example',
        from: 'holdfast@site.example',
        roles: ['approver', 'qa'],
        recipients: ['all@site.example'],
        credentials: 'holdfast:hunter2',
        reason,
      },
      { name: 'siem', kind: 'syslog', address: 'syslog+tls://siem.example', reason },
    ]);
  });

  it('says where people get mail', async () => {
    const addresses = [{ login: 'ana', address: 'ana@site.example' }];
    const { seen } = await control({
      'GET /v1/mail-addresses': [200, { addresses }],
      'POST /v1/mail-addresses': [200, { login: 'ana', cursor: '9' }],
    });
    expect((await cli.run(['sink', 'addresses'])).stdout).toMatch(/^ana +ana@site\.example$/m);
    expect((await cli.run(['sink', 'address', 'ana', 'ana@site.example', ...REASON])).exitCode).toBe(0);
    expect((await cli.run(['sink', 'address', 'ana', ...REASON])).stdout).toBe('ana gets mail nowhere\n');
    expect(seen.flatMap(({ body }) => (body ? [body] : []))).toEqual([
      { login: 'ana', address: 'ana@site.example', reason },
      { login: 'ana', address: null, reason },
    ]);
  });

  it('changes, pauses, resumes, replays and removes', async () => {
    const steered = { name: 'ops', cursor: '10' };
    const { seen } = await control({
      'POST /v1/sinks/ops': [200, { sink, secret: 'whsec_new', cursor: '9' }],
      'POST /v1/sinks/ops/pause': [200, steered],
      'POST /v1/sinks/ops/resume': [200, steered],
      'POST /v1/sinks/ops/replay': [200, steered],
      'DELETE /v1/sinks/ops': [200, steered],
    });
    expect(
      (await cli.run(['sink', 'change', 'ops', '--everything', '--new-secret', ...REASON])).stdout,
    ).toContain('whsec_new');
    for (const verb of ['pause', 'resume', 'remove'])
      expect((await cli.run(['sink', verb, 'ops', ...REASON])).exitCode).toBe(0);
    expect((await cli.run(['sink', 'replay', 'ops', '--from', '7', ...REASON])).exitCode).toBe(0);
    expect(seen.map(({ body }) => body)).toEqual([
      { about: [], types: [], newSecret: true, reason },
      { reason },
      { reason },
      { reason },
      { from: '7', reason },
    ]);
    expect((await cli.run(['sink', 'replay', 'ops', ...REASON])).exitCode).toBe(2);
    expect(
      (await cli.run(['sink', 'change', 'ops', '--everything', '--about', 'halts', ...REASON])).exitCode,
    ).toBe(2);
  });

  it('shows dead letters, and how to send them', async () => {
    const letter = {
      position: '7',
      event: 'id',
      type: 'OverrideSet',
      stream: 'release-policy/default',
      since: 'a',
      givenUpAt: 'b',
      attempts: 6,
      why: 'it answers with status 404',
    };
    await control({ 'GET /v1/sinks/ops/dead-letters': [200, { deadLetters: [letter], next: null }] });
    const { stdout, stderr } = await cli.run(['sink', 'dead-letters', 'ops']);
    expect(stdout).toMatch(/^7 +OverrideSet +release-policy\/default +b +6 +it answers with status 404$/m);
    expect(stderr).toContain('holdfast sink replay ops --from 7');
  });

  it('that there is not is a refusal', async () => {
    await control({
      'POST /v1/sinks/ops/pause': problem(404, 'no-such-sink', 'there is no sink ops: there are none'),
    });
    expect(await cli.run(['sink', 'pause', 'ops', ...REASON])).toMatchObject({ exitCode: 3 });
  });
});

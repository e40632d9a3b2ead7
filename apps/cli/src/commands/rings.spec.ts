import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ControlFixture, problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const REASON = ['--reason', 'two lines try each release first'];

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

describe('rings', () => {
  it('are listed in their order', async () => {
    await control({ 'GET /v1/rings': [200, { rings: ['default', 'pilot'] }] });
    expect(await cli.run(['rings'])).toMatchObject({ exitCode: 0, stdout: 'default\npilot\n' });
  });

  it('are created, with a reason and a place', async () => {
    const { seen } = await control({
      'POST /v1/rings': [201, { rings: ['default', 'pilot', 'production'], cursor: '9' }],
    });
    const made = await cli.run(['rings', 'create', 'pilot', '--before', 'production', ...REASON]);
    expect(made).toMatchObject({ exitCode: 0, stdout: 'default\npilot\nproduction\n' });
    expect(made.stderr).toContain('HOLDFAST_RING=pilot');
    const sent = { code: 'other', text: 'two lines try each release first' };
    expect(seen).toMatchObject([{ body: { name: 'pilot', before: 'production', reason: sent } }]);
    expect((await cli.run(['rings', 'create', 'pilot'])).exitCode).toBe(2);
  });

  it('are counted by devices and rules', async () => {
    const lastSaidAt = '2026-11-26T12:00:00.000Z';
    const counts = [
      { ring: 'default', rule: null, devices: 7, unidentified: 1, lastSaidAt },
      { ring: 'pilot', rule: 'list lab', devices: 20, unidentified: 0, lastSaidAt },
    ];
    await control({ 'GET /v1/rings/devices': [200, { counts }] });
    expect((await cli.run(['rings', 'devices'])).stdout).toBe(
      'Ring     Rule                Devices  Unidentified  Last said\n' +
        'default  none: of the proxy  7        1             2026-11-26T12:00:00.000Z\n' +
        'pilot    list lab            20       0             2026-11-26T12:00:00.000Z\n',
    );
  });

  it('that are there already are a refusal', async () => {
    await control({ 'POST /v1/rings': problem(409, 'ring-exists', 'there is a ring pilot already') });
    const { exitCode, stderr } = await cli.run(['rings', 'create', 'pilot', ...REASON]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('there is a ring pilot already');
  });
});

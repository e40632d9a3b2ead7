import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const REASON = ['--reason', 'the plant gets a proxy of its own'];
const SENT = { code: 'other', text: 'the plant gets a proxy of its own' };

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

const NODE = {
  name: 'dmz-1',
  state: 'enrolled',
  recordsMissing: false,
  enrolledAt: '2026-11-24T08:00:00.000Z',
  tokenExpiresAt: null,
  lastHeardAt: '2026-11-24T09:00:00.000Z',
  clockAheadMs: 12,
  version: '0.1.0',
  ring: 'pilot',
  policyPosition: '41',
  backlog: 3,
  backlogSince: '2026-11-24T08:59:00.000Z',
  publicKey: 'key',
  keyExpiresAt: '2028-11-23T08:00:00.000Z',
};

describe('nodes', () => {
  it('are listed with how each is', async () => {
    const never = {
      ...NODE,
      name: 'dmz-2',
      state: 'forked',
      recordsMissing: true,
      lastHeardAt: null,
      version: null,
      ring: null,
      policyPosition: null,
      backlog: null,
      backlogSince: null,
      keyExpiresAt: null,
    };
    await cli.control({ 'GET /v1/nodes?limit=2': [200, { nodes: [NODE, never], next: 'dmz-2' }] });
    const { exitCode, stdout, stderr } = await cli.run(['nodes', '--limit', '2']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'Name   State                    Heard                     Ring   Position  Backlog  Since                     Version  Key until\n' +
        'dmz-1  enrolled                 2026-11-24T09:00:00.000Z  pilot  41        3        2026-11-24T08:59:00.000Z  0.1.0    2028-11-23T08:00:00.000Z\n' +
        'dmz-2  forked, records missing  -                         -      -         -        -                         -        -\n',
    );
    expect(stderr).toBe('There is more: --after dmz-2\n');
  });

  it('are invited: the token is printed, and only that', async () => {
    const answer = {
      node: 'dmz-1',
      token: 'hfn_dmz-1.secret',
      expiresAt: '2026-11-25T08:00:00.000Z',
      cursor: '7',
    };
    const { seen } = await cli.control({ 'POST /v1/nodes': [201, answer] });
    const { exitCode, stdout, stderr } = await cli.run(['nodes', 'invite', 'dmz-1', ...REASON]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('Node:     dmz-1\nToken:    hfn_dmz-1.secret\nExpires:  2026-11-25T08:00:00.000Z\n');
    expect(stderr).toContain('HOLDFAST_NODE_TOKEN_FILE');
    expect(seen).toMatchObject([{ body: { name: 'dmz-1', reason: SENT } }]);
  });

  it('are retired, with a reason', async () => {
    const { seen } = await cli.control({
      'POST /v1/nodes/dmz-1/retire': [200, { node: 'dmz-1', cursor: '8' }],
    });
    expect((await cli.run(['nodes', 'retire', 'dmz-1', ...REASON])).stdout).toBe('dmz-1 is retired\n');
    expect(seen).toMatchObject([{ body: { reason: SENT } }]);
    expect((await cli.run(['nodes', 'retire', 'dmz-1'])).exitCode).toBe(2);
  });

  it('that are not there are a refusal', async () => {
    await cli.control({
      'POST /v1/nodes/dmz-9/retire': problem(404, 'no-such-node', 'there is no node dmz-9'),
    });
    const { exitCode, stderr } = await cli.run(['nodes', 'retire', 'dmz-9', ...REASON]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('there is no node dmz-9');
  });
});

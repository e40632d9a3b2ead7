import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const REASON = ['--reason', 'a new release is expected today'];
const SENT = { code: 'other', text: 'a new release is expected today' };

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

const CANDIDATE = {
  ring: 'default',
  name: 'core18',
  snapId: 'id',
  channel: 'latest/stable',
  architecture: 'amd64',
  held: { revision: 1705, version: '20201027', gone: false },
  upstream: {
    revision: 1722,
    version: '20210128',
    channel: 'latest/stable',
    releasedAt: '2021-02-01T08:00:00Z',
    since: { position: '40', at: '2026-11-26T12:00:00.000Z' },
  },
  declaration: null,
};

describe('candidates', () => {
  it('are shown with both revisions, and how to go on', async () => {
    const closed = {
      ...CANDIDATE,
      channel: 'latest/edge',
      held: { revision: 1705, version: null, gone: true },
    };
    const answer = { candidates: [CANDIDATE, closed], next: 'core18 latest/edge amd64' };
    await cli.control({ 'GET /v1/candidates?ring=pilot&limit=2': [200, answer] });
    const { exitCode, stdout, stderr } = await cli.run(['candidates', '--ring', 'pilot', '--limit', '2']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'Name    Channel  Arch   Held         Version   Upstream       Version   Released              Seen                      Declaration\n' +
        'core18  stable   amd64  1705         20201027  1722           20210128  2021-02-01T08:00:00Z  2026-11-26T12:00:00.000Z  -\n' +
        'core18  edge     amd64  1705 (gone)  -         1722 (stable)  20210128  2021-02-01T08:00:00Z  2026-11-26T12:00:00.000Z  -\n',
    );
    expect(stderr).toBe('There is more: --after "core18 latest/edge amd64"\n');
  });

  it('are those with a newer snap-declaration too, with what to do about it', async () => {
    const newer = {
      ...CANDIDATE,
      upstream: { ...CANDIDATE.upstream, revision: 1705 },
      declaration: { approved: 3, upstream: 4 },
    };
    await cli.control({ 'GET /v1/candidates': [200, { candidates: [newer], next: null }] });
    const { stdout, stderr } = await cli.run(['candidates']);
    expect(stdout).toMatch(/ 4 \(approved 3\)\n$/);
    expect(stderr).toContain('ask for the revision again, as with holdfast override core18 stable=1705\n');
  });

  it('are JSON for programs', async () => {
    await cli.control({ 'GET /v1/candidates?snap=core18': [200, { candidates: [CANDIDATE], next: null }] });
    const { stdout } = await cli.run(['candidates', 'core18', '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual([CANDIDATE]);
  });
});

describe('the watch list', () => {
  it('is changed with a reason', async () => {
    const done = { snap: 'core18', cursor: '7' };
    const { seen } = await cli.control({
      'POST /v1/watched-snaps': [200, done],
      'DELETE /v1/watched-snaps/core18': [200, done],
    });
    expect((await cli.run(['watch', 'core18', ...REASON])).stdout).toBe('core18 is watched\n');
    expect((await cli.run(['unwatch', 'core18', ...REASON])).stdout).toBe('core18 is off the watch list\n');
    expect(seen.map(({ body }) => body)).toEqual([{ snap: 'core18', reason: SENT }, { reason: SENT }]);
    expect((await cli.run(['watch', 'core18'])).exitCode).toBe(2);
    expect(seen).toHaveLength(2);
  });

  it('says how each snap was last seen', async () => {
    const seen = { publisher: 'canonical', declarationRevision: 7, revoked: false, failure: null };
    const changed = { position: '40', at: '2026-11-26T12:00:00.000Z' };
    const watchedSnaps = [
      { name: 'core18', snapId: 'a', listed: true, askedFor: true, ...seen, changed },
      { name: 'gone', snapId: 'b', listed: false, askedFor: true, ...seen, revoked: true, changed },
      {
        name: 'odd',
        snapId: null,
        listed: true,
        askedFor: false,
        publisher: null,
        declarationRevision: null,
        revoked: false,
        failure: { code: 'bad-signature', message: 'why' },
        changed: null,
      },
    ];
    await cli.control({ 'GET /v1/watched-snaps': [200, { watchedSnaps, next: null }] });
    expect((await cli.run(['list-watched'])).stdout).toBe(
      'Name    Because            Publisher  Declaration  Changed                   Failing\n' +
        'core18  listed, asked for  canonical  7            2026-11-26T12:00:00.000Z  -\n' +
        'gone    asked for          canonical  revoked      2026-11-26T12:00:00.000Z  -\n' +
        'odd     listed             -          -            -                         bad-signature\n',
    );
  });
});

describe('sync', () => {
  const asked = { id: 'sync-1', cursor: '9' };
  const row = {
    id: 'sync-1',
    status: 'done',
    requestedBy: 'Ana',
    requestedAt: '2026-11-26T12:00:00.000Z',
    total: 2,
    done: 2,
    outcome: { done: 2, changed: 1, failures: [], moreFailures: 0, notAsked: 0 },
  };

  it('asks for all, and waits until it is done', async () => {
    const { seen } = await cli.control({
      'POST /v1/syncs': [202, asked],
      'GET /v1/syncs/sync-1?atLeast=9': [200, row],
    });
    const { exitCode, stdout } = await cli.run(['sync', ...REASON]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'Sync:       sync-1\nStatus:     done\nAsked for:  2026-11-26T12:00:00.000Z by Ana\n' +
        'Looked at:  2 of 2\nChanged:    1\nNot asked:  0\n',
    );
    expect(seen[0]?.body).toEqual({ reason: SENT });
  });

  it('names what failed, and says so to scripts', async () => {
    const failures = [
      { snap: 'lab-gone', code: 'snap-not-found', message: 'upstream has no snap named lab-gone' },
    ];
    const outcome = { done: 2, changed: 0, failures, moreFailures: 3, notAsked: 1 };
    await cli.control({
      'POST /v1/syncs': [202, asked],
      'GET /v1/syncs/sync-1?atLeast=9': [200, { ...row, outcome }],
    });
    const { exitCode, stdout, stderr } = await cli.run(['sync', 'lab-gone', 'core18', ...REASON]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('lab-gone  snap-not-found  upstream has no snap named lab-gone\nand 3 more\n');
    expect(stderr).toContain('4 of the snaps could not be looked at, and 1 were not asked for');
  });

  it('need not wait', async () => {
    const { seen } = await cli.control({
      'POST /v1/syncs': [202, asked],
      'GET /v1/syncs/sync-1': [200, { ...row, status: 'running', done: 1, outcome: null }],
    });
    const { stdout } = await cli.run(['sync', 'core18', '--no-wait', ...REASON]);
    expect(stdout).toBe('sync-1 asked\n');
    expect(seen[0]?.body).toEqual({ snaps: ['core18'], reason: SENT });
    expect((await cli.run(['show-sync', 'sync-1'])).stdout).toContain('Looked at:  1 of 2\n');
  });

  it('is refused to who may not', async () => {
    await cli.control({ 'POST /v1/syncs': problem(403, 'not-an-operator', 'Ben has neither role') });
    const { exitCode, stderr } = await cli.run(['sync', ...REASON]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('Ben has neither role');
  });
});

import { describe, expect, it } from 'vitest';
import { MAX_ACTIONS, MAX_CONTEXT, parseRefreshRequest, SnapError } from '#snap';
import { fixture } from '../testing/fixture.js';

const json = (name: string): unknown => JSON.parse(fixture(name).toString());
const install = {
  action: 'install',
  'instance-key': 'install-1',
  name: 'lab-tool',
  channel: '2.0/candidate',
};
const refresh = { action: 'refresh', 'instance-key': 'k', 'snap-id': 'id' };
const fetchOne = (request: object) => ({ action: 'fetch-assertions', key: 'AAA', assertions: [request] });

/** The pointer of what was refused; undefined when nothing was. */
function refusedAt(body: unknown): string | undefined {
  try {
    parseRefreshRequest(body);
    return undefined;
  } catch (error) {
    if (error instanceof SnapError && error.code === 'bad-request') return error.about;
    throw error;
  }
}

describe('what snapd sends', () => {
  it.each(['refresh-after-install.json', 'refresh-fetch-assertions.json'])(
    'comes through whole: %s',
    (file) => {
      expect(parseRefreshRequest(json(file))).toEqual(json(file));
    },
  );

  it.each(['refresh-download.json', 'refresh-install.json'])(
    'comes through, without the epoch null: %s',
    (file) => {
      const { actions, context } = parseRefreshRequest(json(file));

      expect(context).toEqual([]);
      expect(actions).toMatchObject([{ name: 'lab-hello' }]);
      expect(actions[0]).not.toHaveProperty('epoch');
    },
  );

  it('comes through with every optional member of the protocol page', () => {
    const context = {
      'snap-id': 'id',
      'instance-key': 'id:hash',
      revision: 2,
      'tracking-channel': 'latest/stable',
      epoch: { read: [0, 1], write: [1] },
      'refreshed-date': '2026-11-22T12:57:02.518079286Z',
      'ignore-validation': true,
      'cohort-key': 'COHORT',
      'validation-sets': [['16', 'acct', 'set', '1']],
      held: { by: ['system'] },
    };
    const {
      held: _,
      'snap-id': __,
      'tracking-channel': ___,
      'refreshed-date': ____,
      revision: _____,
      ...shared
    } = context;
    const actions = [
      { action: 'install', name: 'lab-tool', channel: 'edge', ...shared },
      { ...refresh, revision: 3, ...shared },
      fetchOne({
        type: 'validation-set',
        'sequence-key': ['16', 'a', 'set'],
        sequence: 1,
        'if-newer-than': 0,
      }),
      fetchOne({
        type: 'validation-set',
        'sequence-key': ['16', 'a', 'set'],
        'if-sequence-equal-or-newer-than': 2,
      }),
      fetchOne({ type: 'snap-revision', 'primary-key': ['digest'] }),
    ];
    const body = {
      context: [context],
      actions,
      fields: ['name'],
      'assertion-max-formats': { 'system-user': 2 },
    };

    expect(parseRefreshRequest(body)).toEqual(body);
  });

  it('comes through without members that nobody knows', () => {
    const body = { actions: [{ ...install, new: 1 }], new: 2, 'assertion-max-formats': { shop: 1 } };

    expect(parseRefreshRequest(body)).toEqual({
      context: [],
      actions: [install],
      'assertion-max-formats': {},
    });
  });
});

describe('what snapd would never send is refused, saying where', () => {
  it.each<[string, unknown]>([
    ['', null],
    ['', []],
    ['', 'text'],
    ['/actions', {}],
    ['/actions', { actions: {} }],
    ['/context/0/snap-id', { context: [{ 'instance-key': 'k', revision: 1 }], actions: [] }],
    [
      '/context/0/revision',
      { context: [{ 'snap-id': 'i', 'instance-key': 'k', revision: '1' }], actions: [] },
    ],
    ['/actions/1/action', { actions: [install, { ...install, action: 'remove' }] }],
    ['/actions/0/name', { actions: [{ ...install, name: undefined }] }],
    ['/actions/0/name', { actions: [{ ...install, name: 'x'.repeat(257) }] }],
    ['/actions/0/snap-id', { actions: [{ ...refresh, 'snap-id': 7 }] }],
    ['/actions/0/instance-key', { actions: [{ ...refresh, 'instance-key': {} }] }],
    ['/actions/0/channel', { actions: [{ ...install, channel: 'a/b/c/d' }] }],
    ['/actions/0/revision', { actions: [{ ...install, revision: 0 }] }],
    ['/actions/0/revision', { actions: [{ ...install, revision: 1.5 }] }],
    ['/actions/0/epoch/read', { actions: [{ ...install, epoch: { write: [0] } }] }],
    ['/actions/0/ignore-validation', { actions: [{ ...install, 'ignore-validation': 'yes' }] }],
    ['/actions/0/validation-sets/0/1', { actions: [{ ...install, 'validation-sets': [['16', 1]] }] }],
    ['/actions/0/assertions/0', { actions: [fetchOne({ type: 'account' })] }],
    [
      '/actions/0/assertions/0/primary-key',
      { actions: [fetchOne({ type: 'account', 'primary-key': ['a', 'b'] })] },
    ],
    [
      '/actions/0/assertions/0/primary-key/0',
      { actions: [fetchOne({ type: 'account', 'primary-key': ['../a'] })] },
    ],
    [
      '/actions/0/assertions/0/sequence-key',
      { actions: [fetchOne({ type: 'validation-set', 'sequence-key': ['16'] })] },
    ],
    ['/fields/0', { actions: [], fields: [1] }],
    ['/assertion-max-formats/account', { actions: [], 'assertion-max-formats': { account: -1 } }],
    ['/actions', { actions: Array.from({ length: MAX_ACTIONS + 1 }, () => install) }],
    ['/context', { context: Array.from({ length: MAX_CONTEXT + 1 }), actions: [] }],
  ])('%j', (pointer, body) => {
    expect(refusedAt(body)).toBe(pointer);
  });

  it('bounds the sum of what fetch-assertions ask for', () => {
    const asked = { type: 'account', 'primary-key': ['a'] };
    const group = {
      action: 'fetch-assertions',
      key: 'k',
      assertions: Array.from({ length: 6000 }, () => asked),
    };

    expect(refusedAt({ actions: [group] })).toBeUndefined();
    expect(refusedAt({ actions: [group, group] })).toBe('/actions');
  });
});

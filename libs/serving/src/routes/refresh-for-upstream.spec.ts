import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { parseRefreshRequest } from '#snap';
import { planRefresh } from '../answer/plan-refresh.js';
import { readActions } from '../answer/read-actions.js';
import { NEEDED_FIELDS } from '../answer/refresh-results.js';
import { holding, LAB_HELLO, LAB_TOOL } from '../answer/testing-manifests.js';
import { planFetch } from '../assertions/fetch-plan.js';
import { capturedWith, declaration } from '../assertions/testing-declarations.js';
import { RingAccess } from '../policy/ring-access.js';
import { refreshForUpstream } from './refresh-for-upstream.js';

/** lab-hello is held on latest/stable at revision 2, its declaration with it. */
const ring = {
  access: RingAccess.open,
  held: holding({ channel: 'latest/stable', version: '2' }),
  assertions: capturedWith([declaration(5)]),
};

function forUpstream(body: JsonObject): JsonObject | undefined {
  const request = parseRefreshRequest(body);
  const { snaps, groups } = readActions(request);
  return refreshForUpstream(body, {
    plan: planRefresh(ring, snaps, request.fields, 'amd64'),
    groups: groups.map(({ action, index }) => planFetch(ring, action, index, {})),
  });
}

const installed = (snapId: string, more: JsonObject = {}): JsonObject => ({
  'snap-id': snapId,
  'instance-key': snapId,
  revision: 1,
  'tracking-channel': 'latest/stable',
  epoch: { read: [0], write: [0] },
  ...more,
});
const refresh = (snapId: string, more: JsonObject = {}): JsonObject => ({
  action: 'refresh',
  'snap-id': snapId,
  'instance-key': snapId,
  ...more,
});
const WORDS: JsonObject = {
  'cohort-key': 'a cohort',
  'ignore-validation': true,
  'validation-sets': [['16', 'acct', 'set', '1']],
};

describe('what upstream is asked', () => {
  it('is what the device wrote of what is not held, members that nobody knows included, in its order', () => {
    const context = [
      installed(LAB_HELLO, WORDS),
      installed(LAB_TOOL, { ...WORDS, held: { by: ['system'] }, newer: [1] }),
    ];
    const tool = refresh(LAB_TOOL, { ...WORDS, channel: '2.0/beta', newer: { of: 'snapd' } });
    const other = {
      action: 'install',
      'instance-key': 'install-1',
      name: 'lab-big',
      revision: 12,
      epoch: { read: [0, 1], write: [1] },
    };
    expect(forUpstream({ context, actions: [other, refresh(LAB_HELLO, WORDS), tool] })).toEqual({
      context,
      actions: [other, tool],
    });
  });

  it.each<[string, JsonObject]>([
    ['as it is', {}],
    ['with a cohort, a set and without validation', WORDS],
    ['from its channel by name', { channel: 'stable' }],
    ['at the revision that is held', { revision: 2 }],
    ['at another revision', { revision: 7, ...WORDS }],
    ['at another revision of another channel', { revision: 7, channel: 'edge' }],
  ])('is nothing when all that is asked for is held: %s', (_, more) => {
    expect(
      forUpstream({ context: [installed(LAB_HELLO)], actions: [refresh(LAB_HELLO, more)] }),
    ).toBeUndefined();
  });

  it('is a channel on which nothing is held', () => {
    const edge = refresh(LAB_HELLO, { channel: 'edge' });
    expect(forUpstream({ context: [installed(LAB_HELLO)], actions: [edge] })?.['actions']).toEqual([edge]);
  });

  it('has the fields that an answer is judged by, once each, unless the device leaves the fields to upstream', () => {
    const body = {
      context: [],
      actions: [{ action: 'install', 'instance-key': 'install-1', name: 'lab-big' }],
    };
    expect(forUpstream({ ...body, fields: ['title', 'revision'] })?.['fields']).toEqual([
      'title',
      'revision',
      ...NEEDED_FIELDS.filter((field) => field !== 'revision'),
    ]);
    expect(forUpstream(body)).not.toHaveProperty('fields');
  });

  it('has of a group of assertions what was not captured, and no group of which nothing is left', () => {
    const held = { type: 'snap-declaration', 'primary-key': ['16', LAB_HELLO] };
    const sets = [{ sequence: 1, 'if-newer-than': 0 }, { 'if-sequence-equal-or-newer-than': 2 }].map(
      (more, i) => ({
        type: 'validation-set',
        'sequence-key': ['16', 'acct', `set-${i}`],
        ...more,
      }),
    );
    const group = (key: string, assertions: JsonObject[]) => ({
      action: 'fetch-assertions',
      key,
      assertions,
    });
    const formats = { 'snap-declaration': 6 };
    const body = { context: [], 'assertion-max-formats': formats };
    const asked = forUpstream({ ...body, actions: [group('A', [held, ...sets]), group('B', [held])] });
    expect(asked).toEqual({ ...body, actions: [group('A', sets)] });
    expect(forUpstream({ ...body, actions: [group('B', [held])] })).toBeUndefined();
  });
});

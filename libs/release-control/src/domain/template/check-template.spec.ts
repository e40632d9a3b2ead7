import { expect, it } from 'vitest';
import { checkTemplate } from './check-template.js';
import type { AskedTemplate } from './template.js';

const now = '2026-11-22T12:00:00.000Z';
const template: AskedTemplate = {
  name: 'standard-fw',
  snaps: ['lab-fw'],
  channels: 'all',
  architectures: 'all',
  mostTargets: 2,
  passes: ['size'],
  soak: { ring: 'pilot', hours: 24, verified: false },
  uses: { most: 2, days: 7 },
  hours: { from: 'mon 08:00', to: 'thu 16:00', zone: 'Europe/Zurich' },
  usedBy: ['approver'],
  until: '2026-12-31T00:00:00.000Z',
};

it('takes one that can be meant', () =>
  expect(() => checkTemplate(template, 'production', now)).not.toThrow());

it.each<[string, Partial<AskedTemplate>]>([
  ['which has passed', { until: now }],
  ['which is no time', { until: '2026-12-31' }],
  ['no time in UTC', { until: '2026-02-31T00:00:00.000Z' }],
  ['at most, and is looked at again', { until: '2028-01-01T00:00:00.000Z' }],
  ['must be called', { name: 'Standard FW' }],
  ['names no snaps', { snaps: [] }],
  ['twice', { snaps: ['lab-fw', 'lab-fw'] }],
  ['full channels', { channels: ['stable'] }],
  ['such as amd64', { architectures: ['AMD 64'] }],
  ['mostTargets', { mostTargets: 0 }],
  ['uses.most', { uses: { most: 0, days: 7 } }],
  ['uses.days', { uses: { most: 1, days: 400 } }],
  ['says soak that asks for 0.5 hours', { soak: { ring: 'pilot', hours: 0.5, verified: false } }],
  ['names ring production itself', { soak: { ring: 'production', hours: 1, verified: false } }],
  ['in passes', { passes: ['publisher'] }],
  ['in passes', { passes: ['privileged-interface'] }],
  ['in usedBy', { usedBy: ['operator'] as unknown as AskedTemplate['usedBy'] }],
  ['nobody', { usedBy: [] }],
  ['times of the week', { hours: { from: '2026-12-01T00:00', to: '2026-12-02T00:00', zone: 'UTC' } }],
  ['names no zone', { hours: { from: 'mon 08:00', to: 'thu 16:00', zone: 'Nowhere' } }],
  ['all week long', { hours: { from: 'mon 08:00', to: 'mon 08:00', zone: 'UTC' } }],
])('refuses one with the words "%s"', (words, more) =>
  expect(() => checkTemplate({ ...template, ...more }, 'production', now)).toThrow(words),
);

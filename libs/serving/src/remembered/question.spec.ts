import { describe, expect, it } from 'vitest';
import { askedOfSnap, questionName, type Asker } from './question.js';

const headers = {
  'snap-device-architecture': 'amd64',
  'snap-device-series': '16',
  'snap-device-capabilities': 'default-tracks',
};
const anyone: Asker = { store: '', proved: undefined, headers };
const branded: Asker = { store: 'a-brand', proved: { brand: 'brand-id', model: 'a-model' }, headers };

const name = (asker: Asker, asked = '/v2/snaps/info/x'): string => questionName('info', asker, asked);
const withHeaders = (more: Record<string, string>): Asker => ({
  ...anyone,
  headers: { ...headers, ...more },
});

describe('the name of a question', () => {
  it('is a digest, the same for whoever asks the same', () => {
    expect(name(anyone)).toMatch(/^[0-9a-f]{64}$/);
    expect(name(withHeaders({ 'snap-device-architecture': 'amd64' }))).toBe(name(anyone));
    expect(name({ ...anyone, proved: branded.proved })).toBe(name(anyone));
  });

  it.each([
    'snap-device-location',
    'snap-refresh-reason',
    'snap-device-authorization',
    'user-agent',
    'accept',
  ])('is the same whatever %s says', (header) =>
    expect(name(withHeaders({ [header]: 'anything' }))).toBe(name(anyone)),
  );

  it.each([
    ['another architecture', withHeaders({ 'snap-device-architecture': 'arm64' })],
    ['another architecture, as of old', withHeaders({ 'x-ubuntu-architecture': 'arm64' })],
    ['a user', withHeaders({ authorization: 'Macaroon root="one"' })],
    ['what a newer snapd says', withHeaders({ 'snap-device-mood': 'fine' })],
    ['another store', { ...anyone, store: 'a-brand' }],
  ])('is another one for %s', (_, asker) => expect(name(asker)).not.toBe(name(anyone)));

  it('is another one for each user', () => {
    const [one, two] = ['one', 'two'].map((root) =>
      withHeaders({ authorization: `Macaroon root="${root}"` }),
    );
    expect(one && two && name(one)).not.toBe(two && name(two));
  });

  it.each([
    ['nothing', undefined],
    ['another brand', { brand: 'other-id', model: 'a-model' }],
    ['another model', { brand: 'brand-id', model: 'b-model' }],
  ])("in a brand's store is another one for a device that proves %s", (_, proved) => {
    expect(name({ ...branded, proved })).not.toBe(name(branded));
  });

  it('tells kinds and questions apart', () => {
    expect(questionName('find', anyone, '/x')).not.toBe(questionName('info', anyone, '/x'));
    expect(name(anyone, '/y')).not.toBe(name(anyone, '/x'));
  });
});

describe('what is asked of a snap', () => {
  const action = { action: 'refresh', 'instance-key': 'one', 'snap-id': 'x' };
  const context = { 'instance-key': 'one', 'snap-id': 'x', revision: 1, 'refreshed-date': '2026-01-01' };
  const asked = JSON.stringify(askedOfSnap(action, context, ['name']));

  it('is the same under another key, whenever it was installed', () => {
    const other = { ...context, 'instance-key': 'two', 'refreshed-date': '2026-02-02' };
    expect(JSON.stringify(askedOfSnap({ ...action, 'instance-key': 'two' }, other, ['name']))).toBe(asked);
  });

  it.each([
    ['revision', { ...context, revision: 2 }],
    ['cohort', { ...context, 'cohort-key': 'c' }],
    ['epoch', { ...context, epoch: { read: [1], write: [1] } }],
  ])('is another one of another %s', (_, installed) => {
    expect(JSON.stringify(askedOfSnap(action, installed, ['name']))).not.toBe(asked);
  });

  it('is another one for other fields, and with nothing installed', () => {
    expect(JSON.stringify(askedOfSnap(action, context, ['name', 'version']))).not.toBe(asked);
    expect(JSON.stringify(askedOfSnap(action, undefined, ['name']))).not.toBe(asked);
  });
});

import { describe, expect, it } from 'vitest';
import { secretsApart } from './given-changes.js';

const key = 'forward-proxy-credentials';
const old = 'proxy.https.proxy';

describe('what is given', () => {
  it('has its secrets apart', () => {
    const size = { key: 'cache-size', value: '16G' };
    expect(secretsApart([{ key, value: 'me:hunter2' }, size])).toEqual({
      plain: [size],
      secrets: [{ key, value: 'me:hunter2' }],
    });
  });

  it.each([
    ['http://me:hunter2@proxy.example:3128', 'http://proxy.example:3128', 'me:hunter2'],
    [' https://me:p%40ss%3Aw@proxy.example/ ', 'https://proxy.example/', 'me:p@ss:w'],
    ['http://me:p@ss@proxy.example', 'http://proxy.example', 'me:p@ss'],
    ['http://d%C3%A9p%C3%B4t:hunter2@[::1]:80', 'http://[::1]:80', 'dépôt:hunter2'],
    ['http://me@proxy.example', 'http://proxy.example', 'me:'],
  ])('of the Snap Store Proxy, %s, is two settings', (value, address, credentials) =>
    expect(secretsApart([{ key: old, value }])).toEqual({
      plain: [{ key: old, value: address }],
      secrets: [{ key, value: credentials }],
    }),
  );

  it('of the Snap Store Proxy gives up both', () =>
    expect(secretsApart([{ key: old, value: null }])).toEqual({
      plain: [{ key: old, value: null }],
      secrets: [{ key, value: null }],
    }));

  it('without a user says nothing of one', () =>
    expect(secretsApart([{ key: old, value: 'http://proxy.example' }]).secrets).toEqual([]));

  it.each(['http://me:hunter2%zz@proxy.example', 'http://m%3Ae:hunter2@proxy.example'])(
    'is refused when no proxy could be told of it, and not repeated: %s',
    (value) => expect(() => secretsApart([{ key: old, value }])).toThrow(/^(?!.*hunter2).*percent-encoded/),
  );
});

import { describe, expect, it } from 'vitest';
import { requireUsable } from './require-usable.js';
import { readPair } from './tls-pair.js';
import { TestAuthority, type Lifetime } from './testing/test-authority.js';

const HOST = 'store.site.example';
const [PAST, NOW, FUTURE] = [new Date('2026-10-01T00:00:00Z'), Date.now(), new Date('2126-10-01T00:00:00Z')];
const root = TestAuthority.root();

function pair(names: readonly string[], lifetime: Lifetime = {}, middle = root.authority('Middle')) {
  const server = middle.server(names, lifetime);
  return readPair(server.keyPem + server.pem + middle.pem);
}

describe('a pair is usable', () => {
  it.each([
    [[HOST], [HOST]],
    [[HOST], [HOST.toUpperCase()]],
    [['*.site.example'], [HOST]],
    [
      [HOST, '192.0.2.7', '2001:db8::7'],
      ['192.0.2.7', '2001:DB8:0::7', HOST],
    ],
  ])('for %j as %j', (names, hosts) => {
    expect(() => requireUsable(pair(names), hosts, NOW)).not.toThrow();
  });
});

describe('a pair is refused', () => {
  it.each([
    [
      'for another host',
      pair(['other.example']),
      'certificate-for-other-names',
      /is for other.example, but we are reached as store/,
    ],
    ['for a deeper host', pair(['*.example']), 'certificate-for-other-names', /is for \*.example/],
    ['for no name', pair([]), 'certificate-for-other-names', /no subject alternative names/],
    [
      'after its end',
      pair([HOST], { notBefore: PAST, notAfter: new Date(NOW) }),
      'certificate-expired',
      /CN=store.site.example has expired, on 2/,
    ],
    [
      'before its beginning',
      pair([HOST], { notBefore: FUTURE }),
      'certificate-not-yet-valid',
      /not valid before 2126-10-01T00:00:00.000Z/,
    ],
    [
      'after the end of one that it needs',
      pair([HOST], {}, root.authority('Middle', { notBefore: PAST, notAfter: PAST })),
      'certificate-expired',
      /CN=Middle has expired/,
    ],
  ])('%s', (_why, given, code, says) => {
    const check = () => requireUsable(given, [HOST], NOW);
    expect(check).toThrow(expect.objectContaining({ code }));
    expect(check).toThrow(says);
  });
});

import { describe, expect, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { INCUMBENT_KEYS, whyLeftBehind } from './incumbent-keys.js';
import { settings, type SettingChange } from './settings.js';
import type { PlainKey } from './site-settings.js';

const { given } = specify(settings);
const set = (...changes: readonly SettingChange[]) =>
  ({ type: 'ChangeSettings', context: byPerson('olga', ['operator']), changes, refused: () => [] }) as const;
const changed = (key: PlainKey, old: string | null, now: string | null) =>
  ({ type: 'SettingChanged', data: { key, old, new: now } }) as const;

describe('keys of the Snap Store Proxy', () => {
  it.each<[string, string, PlainKey, string]>([
    ['proxy.cache.size', '4096', 'cache-size', '4096'],
    ['proxy.upstream', 'https://store.example', 'upstream-url', 'https://store.example'],
    ['proxy.ipaddress', '[::]', 'proxy-host', '::'],
    ['proxy.https.proxy', 'http://proxy.example:3128', 'forward-proxy', 'http://proxy.example:3128'],
    [
      'proxy.device-auth.allowed-device-service-urls',
      '["https://sv1.internal", "https://sv2.internal/v1"]',
      'device-services',
      'https://sv1.internal,https://sv2.internal/v1',
    ],
    ['internal.store.url', 'https://snaps.example', 'proxy-url', 'https://snaps.example'],
  ])('%s=%s sets %s', (key, value, ours, now) =>
    given()
      .when(set({ key, value }))
      .then(changed(ours, null, now)),
  );

  it('names the domain in the address that devices use', () => {
    const before = changed('proxy-url', null, 'https://old.example:8443');
    given(before)
      .when(set({ key: 'proxy.domain', value: 'new.example' }))
      .then(changed('proxy-url', 'https://old.example:8443', 'https://new.example:8443'));
    given(before)
      .when(set({ key: 'proxy.domain', value: 'old.example' }))
      .thenNothing();
    given(before)
      .when(set({ key: 'proxy.domain', value: 'no domain' }))
      .thenRefused('wrong-setting');
    given()
      .when(set({ key: 'proxy.domain', value: 'new.example' }))
      .thenRefused('wrong-setting');
  });

  it('takes the domain after the address that is given with it', () =>
    given()
      .when(
        set(
          { key: 'internal.store.url', value: 'http://a.example' },
          { key: 'proxy.domain', value: 'b.example' },
        ),
      )
      .then(changed('proxy-url', null, 'http://b.example')));

  it('gives up what it set', () =>
    given(changed('cache-size', null, '4096'))
      .when(set({ key: 'proxy.cache.size', value: null }))
      .then(changed('cache-size', '4096', null)));

  it('does not set one thing under two names', () =>
    given()
      .when(set({ key: 'proxy.cache.size', value: '1' }, { key: 'cache-size', value: '2' }))
      .thenRefused('wrong-setting'));

  it.each([
    ['proxy.db.connection', 'DATABASE_URL'],
    ['proxy.tls.key', 'import-certificate'],
    ['proxy.port.https', 'proxy-redirect-port'],
    ['proxy.memcached.connection', 'own'],
  ])('%s says what to do instead', (key, instead) => {
    expect(whyLeftBehind(key)).toContain(instead);
    given()
      .when(set({ key, value: 'x' }))
      .thenRefused('no-such-setting');
  });

  it('shows each as it takes it', () => {
    for (const { fromOurs, toOurs } of INCUMBENT_KEYS.filter(({ key }) => key !== 'proxy.ipaddress')) {
      const ours = 'https://one.example';
      expect(toOurs(fromOurs(ours), ours)).toBe(ours);
    }
  });
});

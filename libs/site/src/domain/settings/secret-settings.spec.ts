import { describe, expect, expectTypeOf, it } from 'vitest';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { secretKey, type KeyedDigest, type SecretKey } from './secret-settings.js';
import {
  settings,
  type RevealSecrets,
  type SecretChange,
  type SettingChange,
  type SettingChanged,
} from './settings.js';

const { given } = specify(settings);
const key = 'forward-proxy-credentials';
const operator = byPerson('olga', ['operator']);
const digest = (hmacSha256: string): KeyedDigest => ({ hmacSha256 });
const [one, two] = [digest('1f'), digest('2e')];
const set = (...changes: readonly (SettingChange | SecretChange)[]) =>
  ({ type: 'ChangeSettings', context: operator, changes, refused: () => [] }) as const;
const reveal = (context = operator): RevealSecrets => ({ type: 'RevealSecrets', context, keys: [key] });
const proxy: SettingChanged = {
  type: 'SettingChanged',
  data: { key: 'forward-proxy', old: null, new: 'http://proxy.example:3128' },
};
const changed = (old: KeyedDigest | null, now: KeyedDigest | null): SettingChanged => ({
  type: 'SettingChanged',
  data: { key, old, new: now },
});

describe('a secret setting', () => {
  it('is changed by its digests', () => {
    given(proxy)
      .when(set({ key, digest: one }))
      .then(changed(null, one));
    given(proxy, changed(null, one))
      .when(set({ key, digest: two }))
      .then(changed(one, two));
    given(proxy, changed(null, one))
      .when(set({ key, digest: null }))
      .then(changed(one, null));
    given(proxy, changed(null, one))
      .when(set({ key, digest: digest('1f') }))
      .thenNothing();
  });

  it('is changed with others, in one append, and each once', () => {
    const address = { key: 'forward-proxy', value: 'http://proxy.example:3128' };
    given()
      .when(set({ key, digest: one }, address))
      .then(proxy, changed(null, one));
    given()
      .when(set(address, { key, digest: one }, { key, digest: two }))
      .thenRefused('wrong-setting');
  });

  it('is not set without what says whom it is for', () => {
    given()
      .when(set({ key, digest: one }))
      .thenRefused('wrong-setting');
    given(proxy, changed(null, one))
      .when(set({ key: 'forward-proxy', value: null }))
      .thenRefused('wrong-setting');
    given(proxy, changed(null, one))
      .when(set({ key: 'forward-proxy', value: null }, { key, digest: null }))
      .then(
        {
          type: 'SettingChanged',
          data: { key: 'forward-proxy', old: 'http://proxy.example:3128', new: null },
        },
        changed(one, null),
      );
  });

  it('is revealed on the record, and stays as it is', () => {
    given(proxy, changed(null, one))
      .when(reveal())
      .then({ type: 'SecretRevealed', data: { key, digest: one } });
    given(proxy, changed(null, one), { type: 'SecretRevealed', data: { key, digest: one } })
      .when(set({ key, digest: two }))
      .then(changed(one, two));
    given(proxy).when(reveal()).thenRefused('secret-not-set');
  });

  it('is revealed once, however often it is named', () =>
    given(proxy, changed(null, one))
      .when({ ...reveal(), keys: [key, key] })
      .then({ type: 'SecretRevealed', data: { key, digest: one } }));

  it('is an operator’s to see, and no program’s', () => {
    const token = {
      kind: 'token',
      id: 't',
      name: 'nightly',
      owner: { id: 'o', name: 'Olga', roles: ['operator'] },
    } as const;
    for (const context of [
      byPerson('anna', ['admin', 'auditor']),
      byWorker('settings'),
      { ...operator, actor: token },
    ])
      given(proxy, changed(null, one)).when(reveal(context)).thenRefused('operator-required');
  });

  it('has no place for a value in its event', () => {
    interface Change<Key extends string, Value> {
      key: Key;
      old: null;
      new: Value;
    }
    type Data = SettingChanged['data'];
    // The compiler looks at these (npm run types).
    expectTypeOf<Change<SecretKey, KeyedDigest>>().toExtend<Data>();
    expectTypeOf<Change<'zone', string>>().toExtend<Data>();
    expectTypeOf<Change<SecretKey, string>>().not.toExtend<Data>();
    expectTypeOf<Change<'zone', KeyedDigest>>().not.toExtend<Data>();
  });

  it('is told from others by its key', () => {
    expect(secretKey(key)).toBe(key);
    expect(() => secretKey('cache-size')).toThrow(expect.objectContaining({ code: 'not-a-secret' }));
    expect(() => secretKey('home')).toThrow(expect.objectContaining({ code: 'no-such-setting' }));
  });

  it.each(['forward-proxy', 'proxy.https.proxy'])('is named to whoever would reveal %s', (plain) =>
    expect(() => secretKey(plain)).toThrow(
      expect.objectContaining({ code: 'not-a-secret', message: expect.stringContaining(key) as string }),
    ),
  );
});

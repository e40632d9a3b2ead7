import { describe, it } from 'vitest';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { settings, type ChangeSettings, type SettingChange, type SettingValues } from './settings.js';
import type { PlainKey } from './site-settings.js';

const { given } = specify(settings);
const changed = (key: PlainKey, old: string | null, now: string | null) =>
  ({ type: 'SettingChanged', data: { key, old, new: now } }) as const;
const operator = byPerson('olga', ['operator']);
const change = (changes: readonly SettingChange[], rest: Partial<ChangeSettings> = {}): ChangeSettings => ({
  type: 'ChangeSettings',
  context: operator,
  changes,
  refused: () => [],
  ...rest,
});
const set = (key: string, value: string | null): ChangeSettings => change([{ key, value }]);

describe('the settings of a site', () => {
  it('are changed with what they were before', () => {
    given()
      .when(set('cache-size', '16G'))
      .then(changed('cache-size', null, '16G'));
    given(changed('cache-size', null, '16G'))
      .when(set('cache-size', '4G'))
      .then(changed('cache-size', '16G', '4G'));
  });

  it('are given up', () =>
    given(changed('zone', null, 'Europe/Zurich'))
      .when(set('zone', null))
      .then(changed('zone', 'Europe/Zurich', null)));

  it('are changed several at once, each once in the record', () =>
    given(changed('log-level', null, 'debug'))
      .when(
        change([
          { key: 'log-level', value: 'debug' },
          { key: 'zone', value: ' Europe/Zurich ' },
          { key: 'cache-size', value: null },
        ]),
      )
      .then(changed('zone', null, 'Europe/Zurich')));

  it('are an operator’s to change', () => {
    const context = byPerson('anna', ['admin', 'auditor']);
    given()
      .when(change([{ key: 'zone', value: 'Etc/UTC' }], { context }))
      .thenRefused('operator-required');
    given()
      .when(change([{ key: 'zone', value: null }], { context: byWorker('settings') }))
      .thenRefused('operator-required');
  });

  it.each(['home', 'database-url', 'HOLDFAST_ZONE', 'site-key-file', 'control-port', ''])(
    'do not have %s among them',
    (key) => given().when(set(key, 'x')).thenRefused('no-such-setting'),
  );

  it.each(['two\nlines', 'a "quote"', 'back\\slash', '$HOME', '`date`', ' ', 'x'.repeat(4_001)])(
    'hold no text that an environment file could not: %j',
    (text) => given().when(set('no-proxy', text)).thenRefused('wrong-setting'),
  );

  it('are each named once', () =>
    given()
      .when(
        change([
          { key: 'zone', value: null },
          { key: 'zone', value: 'Etc/UTC' },
        ]),
      )
      .thenRefused('wrong-setting'));

  it('are none of them changed when the servers would refuse what comes out', () => {
    const refused = (next: SettingValues) =>
      next.get('proxy-port') === next.get('proxy-redirect-port') ? ['no'] : [];
    given(changed('proxy-port', null, '443'))
      .when(
        change(
          [
            { key: 'zone', value: 'Etc/UTC' },
            { key: 'proxy-redirect-port', value: '443' },
          ],
          { refused },
        ),
      )
      .thenRefused('wrong-setting');
  });
});

import { describe, expect, it } from 'vitest';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { isWeaker, type ConfirmSetting, type SigningSetting } from './signing-settings.js';
import { settings, type ChangeSettings, type SettingsEvent } from './settings.js';

const { given } = specify(settings);

const ada = byPerson('Ada', ['admin']);
const quinn = byPerson('Quinn', ['qa'], { auth: 'password' });
const olga = byPerson('Olga', ['operator']);
const ADA = { id: 'id-of-Ada', name: 'Ada' };
const key = 'second-component';

const ask = (value: string | null, context = ada): ChangeSettings => {
  return { type: 'ChangeSettings', context, changes: [{ key, value }], refused: () => [] };
};
const confirm = (value: string | null, rest: Partial<ConfirmSetting> = {}): ConfirmSetting => {
  return {
    type: 'ConfirmSetting',
    key,
    value,
    requesterMay: true,
    refused: () => [],
    context: quinn,
    ...rest,
  };
};
const requested = (old: string | null, now: string | null): SettingsEvent => {
  const data = { key, old, new: now, requestedBy: ADA, expiresAt: '2026-11-29T12:48:14.123Z' } as const;
  return { type: 'SettingRequested', data };
};
const changed = (old: string | null, now: string | null, more: object = {}): SettingsEvent => {
  return { type: 'SettingChanged', data: { key, old, new: now, ...more } };
};
const required = changed(null, 'required');

describe('a setting by which people sign', () => {
  it('R22: is asked for by an admin or qa, whether it is easier or harder by it', () => {
    given().when(ask('required')).then(requested(null, 'required'));
    given(required).when(ask('optional')).then(requested('required', 'optional'));
    given(required).when(ask(null)).then(requested('required', null));
    const data = { ...requested(null, 'required').data, requestedBy: { id: 'id-of-Quinn', name: 'Quinn' } };
    given()
      .when(ask('required', quinn))
      .then({ ...requested(null, 'required'), data } as SettingsEvent);
    given(required).when(ask('required')).thenNothing();
  });

  it('R22: is nobody else’s to ask for', () => {
    for (const context of [
      olga,
      byPerson('Ann', ['author', 'approver', 'qa@pilot', 'auditor']),
      byWorker('x'),
    ])
      given().when(ask('required', context)).thenRefused('admin-or-qa-required');
  });

  it('R22: is asked for by itself', () => {
    const zone = { key: 'zone', value: 'Etc/UTC' };
    const both = (context: typeof ada) => ({
      ...ask('required', context),
      changes: [zone, { key, value: null }],
    });
    given()
      .when(both(byPerson('Ada', ['admin', 'operator'])))
      .thenRefused('wrong-setting');
    given().when(both(olga)).thenRefused('admin-or-qa-required');
    given()
      .when({ ...ask(null), changes: [zone] })
      .thenRefused('operator-required');
  });

  it('R22: is changed at once while the site is set up', () => {
    for (const role of ['admin', 'operator'])
      given()
        .when(ask('required', byPerson('First', [role], { auth: 'commissioning' })))
        .then(required);
    given()
      .when(ask('required', byPerson('Ann', ['author'], { auth: 'commissioning' })))
      .thenRefused('operator-required');
  });

  it('R22: is confirmed by another one', () => {
    given(required, requested('required', 'optional'))
      .when(confirm('optional'))
      .then(changed('required', 'optional', { requestedBy: ADA }));
    given(required, requested('required', null))
      .when(confirm(null, { context: byPerson('Bea', ['admin']) }))
      .then(changed('required', null, { requestedBy: ADA }));
  });

  it('R22: is confirmed as it was asked for last, within a week, once', () => {
    const asked = [required, requested('required', 'optional')];
    given(...asked)
      .when(confirm('required'))
      .thenRefused('setting-not-requested');
    given(...asked, requested('required', null))
      .when(confirm('optional'))
      .thenRefused('setting-not-requested');
    given(...asked)
      .when(confirm('optional', { context: { ...quinn, at: '2026-11-29T12:48:14.123Z' } }))
      .thenRefused('setting-not-requested');
    given(...asked, changed('required', 'optional', { requestedBy: ADA }))
      .when(confirm('optional'))
      .thenRefused('setting-not-requested');
    given(required).when(confirm('optional')).thenRefused('setting-not-requested');
  });

  it('R22: is not confirmed by who asked, nor for who may not ask any more, nor by anybody else', () => {
    const asked = [required, requested('required', 'optional')];
    given(...asked)
      .when(confirm('optional', { context: ada }))
      .thenRefused('second-person-required');
    given(...asked)
      .when(confirm('optional', { context: { ...quinn, linked: new Map([['id-of-Quinn', 'id-of-Ada']]) } }))
      .thenRefused('second-person-required');
    given(...asked)
      .when(confirm('optional', { requesterMay: false }))
      .thenRefused('second-person-required');
    for (const context of [olga, byPerson('Bea', ['approver', 'qa@default']), byWorker('x')])
      given(...asked)
        .when(confirm('optional', { context }))
        .thenRefused('admin-or-qa-required');
  });

  it('R22: is taken back by who asks for what is in force', () => {
    const withdrawn: SettingsEvent = {
      type: 'SettingRequestWithdrawn',
      data: { key, requested: 'optional' },
    };
    given(required, requested('required', 'optional')).when(ask('required', quinn)).then(withdrawn);
    given(required, requested('required', 'optional'), withdrawn)
      .when(confirm('optional'))
      .thenRefused('setting-not-requested');
    given(required, requested('required', 'optional'), withdrawn).when(ask('required')).thenNothing();
  });

  it('R22: is the address that security keys are bound to as well', () => {
    const change = { key: 'control-url', value: 'https://other.example' };
    given()
      .when({ ...ask(null, olga), changes: [change] })
      .thenRefused('admin-or-qa-required');
  });

  it('is not held up by what was wrong of another setting before', () => {
    const refused = (values: ReadonlyMap<string, string>) =>
      [...values.keys()].map((each) => `${each} is wrong`);
    const wrong: SettingsEvent = { type: 'SettingChanged', data: { key: 'zone', old: null, new: 'x' } };
    given(wrong, required)
      .when({ ...ask(null), refused })
      .then(requested('required', null));
    given(wrong, required, requested('required', null))
      .when(confirm(null, { refused }))
      .then(changed('required', null, { requestedBy: ADA }));
  });

  it('is not confirmed when the servers would refuse what comes out', () =>
    given(requested(null, 'perhaps'))
      .when(confirm('perhaps', { refused: (values) => [`it is ${values.get(key)}`] }))
      .thenRefused('wrong-setting'));
});

it.each<[SigningSetting, string, string]>([
  ['second-component', 'optional', 'required'],
  ['training', 'optional', 'required'],
  ['identity-reference', 'optional', 'required'],
  ['signing-pause-minutes', '480', '15'],
  ['signing-pause-minutes', '15', '0'],
  ['signing-pause-minutes', '100', '99'],
  ['session-idle-minutes', '480', '30'],
  ['password-days', '0', '365'],
  ['password-days', '365', '90'],
])('R22: %s=%s makes signing easier than %s, and not the other way round', (setting, weaker, stronger) => {
  expect(isWeaker(setting, weaker, stronger)).toBe(true);
  expect(isWeaker(setting, stronger, weaker)).toBe(false);
  expect(isWeaker(setting, weaker, weaker)).toBe(false);
});

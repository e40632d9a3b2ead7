import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { USUAL_CREDENTIAL_RULES } from '#identity/credentials/credential-rules';
import {
  CONTROL_URL,
  ControlUnderTest,
  PASSWORD,
  REASON,
  type Answer,
} from '#test/support/control-under-test';
import { TestSecurityKey } from '#test/support/security-key';
import { decidedRules } from './decided-rules.js';

let control: ControlUnderTest;
let folder: string;
const tokens: Record<string, string> = {};

/** A site that is in use. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-signing-'));
  control = await ControlUnderTest.start({ settingsFile: path.join(folder, 'settings.json') });
  const first = (tokens['admin'] = await control.admin());
  await control.enrol(first, 'second', ['admin']);
  await control.enrol(first, 'quinn', ['qa']);
  await control.enrol(first, 'olga', ['operator']);
  for (const login of ['second', 'quinn', 'olga']) tokens[login] = await control.signIn(login);
  const early = await change('admin', { key: 'password-days', value: '365' });
  if (early.status !== 200) throw new Error(early.text);
  const body = { reason: REASON };
  const closed = await control.ask('POST', '/v1/commissioning/close', { token: first, body });
  if (closed.status !== 200) throw new Error(closed.text);
});
afterAll(async () => {
  await control.stop();
  await rm(folder, { recursive: true, force: true });
});

const tokenOf = (who: string) => tokens[who] ?? '';
const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const change = (who: string, ...changes: object[]) =>
  control.ask('POST', '/v1/settings', { token: tokenOf(who), body: { changes, reason: REASON } });
const confirm = (who: string, key: string, value: string | null, password = PASSWORD) =>
  control.ask('POST', `/v1/settings/${key}/confirm`, {
    token: tokenOf(who),
    body: { value, password, reason: REASON },
  });
async function shown(key: string): Promise<Record<string, unknown> | undefined> {
  const { json } = await control.ask('GET', '/v1/settings', { token: tokenOf('olga') });
  return (json['settings'] as readonly Record<string, unknown>[]).find((row) => row['key'] === key);
}

it('R22: what signing takes is changed by two people, admins or qa, and by nobody else', async () => {
  expect(outcome(await change('olga', { key: 'signing-pause-minutes', value: '480' }))).toBe(
    'admin-or-qa-required',
  );
  const asked = await change('admin', { key: 'signing-pause-minutes', value: '480' });
  expect(asked.json['settings']).toMatchObject([
    { value: null, takesTwo: true, requested: { value: '480', requestedBy: 'First administrator' } },
  ]);
  expect(outcome(await confirm('admin', 'signing-pause-minutes', '480'))).toBe('second-person-required');
  expect(outcome(await confirm('olga', 'signing-pause-minutes', '480'))).toBe('admin-or-qa-required');
  expect(outcome(await confirm('quinn', 'signing-pause-minutes', '480', 'wrong'))).toBe('wrong-password');
  expect(outcome(await confirm('quinn', 'signing-pause-minutes', '60'))).toBe('setting-not-requested');
  expect(outcome(await confirm('quinn', 'cache-size', '16G'))).toBe('invalid-request');
  expect(await shown('signing-pause-minutes')).toMatchObject({ value: null });
  expect((await confirm('quinn', 'signing-pause-minutes', '480')).json['settings']).toMatchObject([
    { value: '480', requested: null },
  ]);
  expect((await control.history('settings')).at(-1)).toMatchObject({
    type: 'SettingChanged',
    actor: { name: 'quinn of the team', auth: 'password' },
    data: { key: 'signing-pause-minutes', new: '480', requestedBy: { name: 'First administrator' } },
  });
});

it('R22: what is wrong is refused when it is asked for', async () => {
  expect(outcome(await change('second', { key: 'second-component', value: 'perhaps' }))).toBe(
    'wrong-setting',
  );
});

it('R22: the environment makes signing no easier than what is decided, and may make it harder', async () => {
  const { streams } = control.adapters;
  // password-days=365 and signing-pause-minutes=480 were decided by now, second-component was not.
  const of = (given: Partial<typeof USUAL_CREDENTIAL_RULES>) =>
    decidedRules(streams, { ...USUAL_CREDENTIAL_RULES, passwordDays: 365, ...given });
  expect(await of({})).toEqual({ rules: { ...USUAL_CREDENTIAL_RULES, passwordDays: 365 }, passedOver: [] });
  expect(await of({ passwordDays: 0 })).toEqual({
    rules: { ...USUAL_CREDENTIAL_RULES, passwordDays: 365 },
    passedOver: [{ variable: 'HOLDFAST_PASSWORD_DAYS', value: '0', decided: '365' }],
  });
  const harder = {
    secondComponent: 'required',
    signingPauseMinutes: 0,
    sessionIdleMinutes: 5,
    passwordDays: 30,
    training: 'required',
    identityReference: 'required',
  } as const;
  expect(await of(harder)).toEqual({ rules: harder, passedOver: [] });
});

it('R22: what the environment would make easier is not shown as in force', async () => {
  const environment = { 'password-days': '0', 'second-component': 'required' };
  const running = { startedAt: '2026-11-24T08:00:00.000Z', stored: { 'password-days': '365' }, environment };
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(running));
  expect(await shown('password-days')).toMatchObject({ running: { value: '365', from: 'site' } });
  expect(await shown('second-component')).toMatchObject({
    running: { value: 'required', from: 'environment' },
  });
});

it('R22: who has a security key confirms with its answer', async () => {
  const key = new TestSecurityKey(CONTROL_URL);
  const ask = (url: string, body: object) =>
    control.ask('POST', url, {
      token: tokenOf('second'),
      body: { reason: REASON, password: PASSWORD, ...body },
    });
  const { json } = await ask('/v1/me/security-keys', { name: 'blue one' });
  const registered = key.register(json['options']);
  const enrolled = { token: tokenOf('second'), body: registered };
  expect(outcome(await control.ask('POST', '/v1/me/security-keys/confirm', enrolled))).toBe(200);
  await change('admin', { key: 'password-days', value: '180' });
  const confirming = '/v1/settings/password-days/confirm';
  expect(outcome(await ask(confirming, { value: '180' }))).toBe('second-component-required');
  const asked = await control.ask('POST', '/v1/me/security-key-challenges', { token: tokenOf('second') });
  const securityKey = key.answer(asked.json);
  expect(outcome(await ask(confirming, { value: '180', securityKey }))).toBe(200);
});

it('R22, R24, R28: what makes proving oneself harder is in force at once', async () => {
  await change('admin', { key: 'password-days', value: '1' });
  expect(outcome(await confirm('quinn', 'password-days', '1'))).toBe(200);
  const ofEnvironment = () => decidedRules(control.adapters.streams, USUAL_CREDENTIAL_RULES);
  await change('quinn', { key: 'second-component', value: 'required' });
  expect((await ofEnvironment()).rules.secondComponent).toBe('optional');
  expect(outcome(await confirm('admin', 'second-component', 'required'))).toBe(200);
  expect((await ofEnvironment()).rules.secondComponent).toBe('required');
  expect((await ofEnvironment()).passedOver).toContainEqual({
    variable: 'HOLDFAST_SECOND_COMPONENT',
    value: 'optional',
    decided: 'required',
  });
  expect(outcome(await change('quinn', { key: 'password-days', value: '2' }))).toBe(
    'second-component-missing',
  );
  control.clock.set('2026-11-25T09:00:00.000Z');
  const signedIn = await control.ask('POST', '/v1/sessions', {
    body: { login: 'quinn', password: PASSWORD },
  });
  expect(outcome(signedIn)).toBe('password-aged');
});

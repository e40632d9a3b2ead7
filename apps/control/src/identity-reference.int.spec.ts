import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlUnderTest, PASSWORD, REASON, VERIFIED, type Answer } from '#test/support/control-under-test';
import { textOfDatabase } from '#test/support/text-of-database';
import { Stage } from './testing/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
});
afterAll(() => stage?.end());

const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const post = (login: string, url: string, body: object) =>
  stage.control.ask('POST', url, { token: stage.token(login), body: { reason: REASON, ...body } });
const enrol = (login: string, more: object = {}) =>
  post('admin', '/v1/people', { login, name: login, roles: [], verifiedBy: VERIFIED, ...more });
const identify = (by: string, login: string, identityReference: string) =>
  post(by, `/v1/people/${login}/identity-reference`, { identityReference });
const confirm = (by: string, login: string, identityReference: string) =>
  post(by, `/v1/people/${login}/identity-reference/confirm`, { identityReference, password: PASSWORD });

describe('R20, R27: by what the site knows a human, there is one account', () => {
  it('is refused to a second one, however it is typed, and names the first', async () => {
    expect(outcome(await enrol('hugo', { identityReference: 'E-4711' }))).toBe(201);
    const again = await enrol('hugo2', { identityReference: ' e-47 11 ' });
    expect(outcome(again)).toBe('identity-reference-taken');
    expect(String(again.json['detail'])).toContain('hugo has this identity reference');
    expect(outcome(await enrol('hugo2', { identityReference: 'E-4712' }))).toBe(201);
    expect(outcome(await enrol('ivo', { identityReference: ' ' }))).toBe('invalid-identity-reference');
    expect(outcome(await enrol('ivo', { name: ' ', identityReference: 'E-5000' }))).toBe('invalid-name');
    expect(outcome(await enrol('ivan', { identityReference: 'E-5000' }))).toBe(201);
  });

  it('goes to one of two who are enrolled at the same moment', async () => {
    const both = await Promise.all(
      ['kim', 'kim2'].map((login) => enrol(login, { identityReference: 'E-1' })),
    );
    expect(new Set(both.map(outcome))).toEqual(new Set([201, 'identity-reference-taken']));
  });

  it('is kept of who is disabled', async () => {
    await post('admin', '/v1/people/hugo/disable', {});
    const again = await enrol('hugo3', { identityReference: 'E-4711' });
    expect(String(again.json['detail'])).toContain('hugo has this identity reference, and is disabled');
  });

  it('stands nowhere in clear', async () => {
    const text = await textOfDatabase(stage.control.database.ownerUrl);
    expect(text).toContain('IdentityReferenceContested');
    expect(text).not.toMatch(/E-4711/i);
  });

  it('is said by two of who is enrolled already, who say the same; a mistake is corrected so, and free then', async () => {
    await stage.commissioned();
    expect(outcome(await identify('ana', 'ben', 'E-7'))).toBe('not-an-admin');
    expect(outcome(await identify('admin', 'ben', 'E-4712'))).toBe('identity-reference-taken');
    expect(outcome(await confirm('eve', 'ben', 'E-7'))).toBe('identity-reference-not-requested');
    const asked = await identify('admin', 'ben', 'E-7');
    expect(asked.json['recorded']).toBe(false);
    expect(outcome(await confirm('admin', 'ben', 'E-7'))).toBe('second-person-required');
    expect(outcome(await confirm('eve', 'ben', 'E-8'))).toBe('identity-reference-not-requested');
    expect(outcome(await confirm('eve', 'ben', 'E-7'))).toBe(200);
    expect(outcome(await identify('admin', 'ben', 'e-7'))).toBe('identity-reference-held');
    expect(outcome(await enrol('lea', { identityReference: 'E-7' }))).toBe('identity-reference-taken');

    expect(outcome(await identify('admin', 'ben', 'E-8'))).toBe(200);
    expect(outcome(await confirm('cyd', 'ben', 'E-8'))).toBe(200);
    expect(outcome(await enrol('lea', { identityReference: 'E-7' }))).toBe(201);
    expect(outcome(await identify('admin', 'ben', 'E-7'))).toBe('identity-reference-taken');
  });

  it('is asked for always where two people decided so', async () => {
    const setting = { changes: [{ key: 'identity-reference', value: 'required' }] };
    expect(outcome(await post('admin', '/v1/settings', setting))).toBe(200);
    expect(outcome(await enrol('max'))).toBe(201);
    const second = { value: 'required', password: PASSWORD };
    expect(outcome(await post('cyd', '/v1/settings/identity-reference/confirm', second))).toBe(200);
    expect(outcome(await enrol('mia'))).toBe('identity-reference-required');
    expect(outcome(await enrol('mia', { identityReference: 'E-9' }))).toBe(201);
  });
});

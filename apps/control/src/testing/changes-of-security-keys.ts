import { createHash } from 'node:crypto';
import { CONTROL_URL, PASSWORD, REASON } from '#test/support/control-under-test';
import { TestSecurityKey } from '#test/support/security-key';
import { digestToSign, openReview } from './changes-of-reviews.js';
import type { HowItSucceeds } from './every-change.js';
import type { Stage } from './stage.js';

const VERIFIER = 'what only the command line knows, 43 characters';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const OWN = { password: PASSWORD, reason: REASON };

export const CHANGES_OF_SECURITY_KEYS: HowItSucceeds = {
  'POST /v1/me/security-keys': async (stage) => {
    const token = stage.token(await stage.somebody());
    return { url: '/v1/me/security-keys', token, body: { name: 'blue one', ...OWN } };
  },
  'POST /v1/me/security-keys/confirm': async (stage) => {
    const login = await stage.somebody();
    return {
      url: '/v1/me/security-keys/confirm',
      token: stage.token(login),
      body: await registration(stage, login, new TestSecurityKey(CONTROL_URL)),
    };
  },
  'POST /v1/me/security-keys/{id}/remove': async (stage) => {
    const login = await stage.somebody();
    const { id, key } = await enrolled(stage, login);
    const { json } = await stage.post(login, '/v1/me/security-key-challenges', {});
    const body = { ...OWN, securityKey: key.answer(json) };
    return { url: `/v1/me/security-keys/${id}/remove`, token: stage.token(login), body };
  },
  'POST /v1/me/security-key-challenges': async (stage) => {
    const login = await stage.somebody();
    await enrolled(stage, login);
    return { url: '/v1/me/security-key-challenges', token: stage.token(login), body: {} };
  },
  'POST /v1/sessions/security-key-challenges': async (stage) => {
    const login = await stage.somebody();
    await enrolled(stage, login);
    return { url: '/v1/sessions/security-key-challenges', body: { login, password: PASSWORD } };
  },
  'POST /v1/change-requests/{id}/security-key-challenges': async (stage) => {
    const { id, recordDigest } = await stage.captured();
    const login = await stage.somebody();
    await enrolled(stage, login);
    const body = { meaning: 'approved', recordDigest, reason: REASON };
    const url = `/v1/change-requests/${id}/security-key-challenges`;
    return { url, token: stage.token(login), body };
  },
  'POST /v1/reviews/{id}/security-key-challenges': async (stage) => {
    const { id } = await openReview(stage, 'cyd', 'periodic', { from: '2026-11-01T00:00:00Z' });
    const login = await stage.somebody();
    await enrolled(stage, login);
    const body = { recordDigest: await digestToSign(stage, id), reason: REASON };
    return { url: `/v1/reviews/${id}/security-key-challenges`, token: stage.token(login), body };
  },
  'POST /v1/sessions/current/hand-over': async (stage) => {
    const token = stage.token(await stage.somebody());
    return { url: '/v1/sessions/current/hand-over', token, body: { challenge: CHALLENGE } };
  },
  'POST /v1/sessions/handed-over': async (stage) => {
    const login = await stage.somebody();
    const { json } = await stage.post(login, '/v1/sessions/current/hand-over', { challenge: CHALLENGE });
    return { url: '/v1/sessions/handed-over', body: { code: json['code'], verifier: VERIFIER } };
  },
};

async function registration(stage: Stage, login: string, key: TestSecurityKey): Promise<object> {
  const { json } = await stage.post(login, '/v1/me/security-keys', { name: 'blue one', ...OWN });
  return key.register(json['options']);
}

/** Somebody's new security key. */
export async function enrolled(
  stage: Stage,
  login: string,
): Promise<{ readonly id: string; readonly key: TestSecurityKey }> {
  const key = new TestSecurityKey(CONTROL_URL);
  const body = await registration(stage, login, key);
  const { json } = await stage.post(login, '/v1/me/security-keys/confirm', body);
  return { id: String(json['id']), key };
}

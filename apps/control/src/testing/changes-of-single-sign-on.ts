import { CONTROL_URL, PASSWORD, REASON } from '#test/support/control-under-test';
import { TestSecurityKey } from '#test/support/security-key';
import type { HowItSucceeds } from './every-change.js';
import type { Stage } from './stage.js';

export const CHANGES_OF_SINGLE_SIGN_ON: HowItSucceeds = {
  'POST /v1/people/{login}/single-sign-on': async (stage) => {
    const login = await stage.somebody();
    const body = { subject: `${login} there`, reason: REASON };
    return { url: `/v1/people/${login}/single-sign-on`, token: stage.token('admin'), body };
  },
  'POST /v1/people/{login}/single-sign-on/remove': async (stage) => {
    const { login } = await bound(stage);
    const url = `/v1/people/${login}/single-sign-on/remove`;
    return { url, token: stage.token('admin'), body: { reason: REASON } };
  },
  'POST /v1/me/single-sign-on': async (stage) => {
    const { login, subject } = await asked(stage);
    const token = stage.token(login);
    const singleSignOn = await stage.signOnPage().proof(subject, 'binding', token);
    return {
      url: '/v1/me/single-sign-on',
      token,
      body: { singleSignOn, password: PASSWORD, reason: REASON },
    };
  },
  'POST /v1/me/single-sign-on/requests': async (stage) => {
    const token = stage.token(await stage.somebody());
    const body = { browser: stage.signOnPage().browser, for: 'signature' };
    return { url: '/v1/me/single-sign-on/requests', token, body };
  },
  'POST /v1/sessions/single-sign-on/requests': async (stage) => {
    return { url: '/v1/sessions/single-sign-on/requests', body: { browser: stage.signOnPage().browser } };
  },
  'POST /v1/single-sign-on/answers': async (stage) => {
    return { url: '/v1/single-sign-on/answers', body: await stage.signOnPage().back('anybody') };
  },
  'POST /v1/sessions/single-sign-on': async (stage) => {
    const { subject } = await bound(stage);
    const singleSignOn = await stage.signOnPage().proof(subject, 'sign-in');
    return { url: '/v1/sessions/single-sign-on', body: { singleSignOn } };
  },
  'POST /v1/sessions/single-sign-on/security-key-challenges': async (stage) => {
    const { login, subject } = await bound(stage);
    const offered = await stage.post(login, '/v1/me/security-keys', {
      name: 'blue one',
      password: PASSWORD,
      reason: REASON,
    });
    const key = new TestSecurityKey(CONTROL_URL);
    await stage.post(login, '/v1/me/security-keys/confirm', key.register(offered.json['options']));
    const singleSignOn = await stage.signOnPage().proof(subject, 'sign-in');
    return { url: '/v1/sessions/single-sign-on/security-key-challenges', body: { singleSignOn } };
  },
};

interface Known {
  readonly login: string;
  readonly subject: string;
}

async function asked(stage: Stage): Promise<Known> {
  const login = await stage.somebody();
  const subject = `${login} there`;
  await stage.post('admin', `/v1/people/${login}/single-sign-on`, { subject, reason: REASON });
  return { login, subject };
}

async function bound(stage: Stage): Promise<Known> {
  const { login, subject } = await asked(stage);
  await stage.signOnPage().accept(stage.token(login), subject);
  return { login, subject };
}

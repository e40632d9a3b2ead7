import { later } from '#kernel';
import { Authenticator } from '#test/support/authenticator';
import { PASSWORD, REASON, VERIFIED } from '#test/support/control-under-test';
import type { Stage } from './stage.js';
import type { HowItSucceeds, Success } from './every-change.js';

const OWN = { password: PASSWORD, reason: REASON };

export const CHANGES_OF_PEOPLE: HowItSucceeds = {
  'POST /v1/sessions': async (stage) => {
    const login = await stage.somebody();
    return { url: '/v1/sessions', body: { login, password: PASSWORD } };
  },
  'DELETE /v1/sessions/current': async (stage) => {
    return { url: '/v1/sessions/current', token: stage.token(await stage.somebody()) };
  },
  'POST /v1/passwords': async (stage) => {
    const login = stage.name('newcomer');
    const body = { login, name: login, roles: [], verifiedBy: VERIFIED, reason: REASON };
    const { json } = await stage.post('admin', '/v1/people', body);
    return { url: '/v1/passwords', body: { login, secret: json['enrolmentSecret'], password: PASSWORD } };
  },
  'POST /v1/passwords/change': async (stage) => {
    const login = await stage.somebody();
    return {
      url: '/v1/passwords/change',
      body: { login, password: PASSWORD, newPassword: `${PASSWORD} and more` },
    };
  },
  'POST /v1/people': async (stage) => {
    const login = stage.name('newcomer');
    const body = { login, name: login, roles: ['author'], verifiedBy: VERIFIED, reason: REASON };
    return { url: '/v1/people', token: stage.token('admin'), body };
  },
  'POST /v1/people/{login}/roles': async (stage) => {
    const login = await stage.somebody();
    return {
      url: `/v1/people/${login}/roles`,
      token: stage.token('admin'),
      body: { role: 'author', reason: REASON },
    };
  },
  'DELETE /v1/people/{login}/roles/{role}': async (stage) => {
    const login = await stage.somebody('author');
    return {
      url: `/v1/people/${login}/roles/author`,
      token: stage.token('admin'),
      body: { reason: REASON },
    };
  },
  'POST /v1/people/{login}/disable': async (stage) => {
    const login = await stage.somebody();
    return { url: `/v1/people/${login}/disable`, token: stage.token('admin'), body: { reason: REASON } };
  },
  'POST /v1/people/{login}/reset': async (stage) => {
    const login = await stage.somebody();
    return { url: `/v1/people/${login}/reset`, token: stage.token('admin'), body: { reason: REASON } };
  },
  'POST /v1/people/{login}/reset/confirm': async (stage) => {
    const login = await stage.somebody();
    await stage.post('admin', `/v1/people/${login}/reset`, { reason: REASON });
    return { url: `/v1/people/${login}/reset/confirm`, token: stage.token('eve'), body: OWN };
  },
  'POST /v1/people/{login}/training': async (stage) => {
    const until = later(stage.control.clock.now(), 86_400_000);
    const record = { role: 'approver', document: 'SOP-7', version: '3', until };
    const url = `/v1/people/${await stage.somebody()}/training`;
    return { url, token: stage.token('admin'), body: { ...record, reason: REASON } };
  },
  'POST /v1/people/{login}/recovery': async (stage) => {
    const { url, token, body } = await recovery(stage);
    return { url, token, body };
  },
  'POST /v1/people/{login}/recovery/confirm': async (stage) => {
    const { control } = stage;
    const { url, token, body } = await recovery(stage);
    const asked = await control.ask('POST', url, { token, body });
    if (asked.status !== 201) throw new Error(asked.text);
    hoursOn(stage, 24);
    return { url: `${url}/confirm`, token: await control.signIn('cyd'), body: { ...OWN, login: 'cyd' } };
  },
  'POST /v1/people/{login}/roles/{role}/confirm': async (stage) => {
    const login = await stage.somebody();
    await stage.commissioned();
    await stage.post('admin', `/v1/people/${login}/reset`, { reason: REASON });
    await stage.post('eve', `/v1/people/${login}/reset/confirm`, OWN);
    await stage.post('admin', `/v1/people/${login}/roles`, { role: 'approver', reason: REASON });
    return { url: `/v1/people/${login}/roles/approver/confirm`, token: stage.token('eve'), body: OWN };
  },
  'POST /v1/people/{login}/identity-reference': async (stage) => {
    const url = `/v1/people/${await stage.somebody()}/identity-reference`;
    const identityReference = stage.name('E-10');
    return { url, token: stage.token('admin'), body: { identityReference, reason: REASON } };
  },
  'POST /v1/people/{login}/identity-reference/confirm': async (stage) => {
    await stage.commissioned();
    const url = `/v1/people/${await stage.somebody()}/identity-reference`;
    const identityReference = stage.name('E-10');
    await stage.post('admin', url, { identityReference, reason: REASON });
    return { url: `${url}/confirm`, token: stage.token('eve'), body: { identityReference, ...OWN } };
  },
  'POST /v1/people/{login}/same-person/{other}': async (stage) => {
    const url = await twoAccounts(stage);
    return { url, token: stage.token('admin'), body: { reason: REASON } };
  },
  'POST /v1/people/{login}/same-person/{other}/confirm': async (stage) => {
    await stage.commissioned();
    const url = await twoAccounts(stage);
    await stage.post('admin', url, { reason: REASON });
    return { url: `${url}/confirm`, token: stage.token('eve'), body: OWN };
  },
  'DELETE /v1/people/{login}/same-person/{other}': async (stage) => {
    const url = await declaredSame(stage);
    return { url, token: stage.token('admin'), body: { reason: REASON } };
  },
  'POST /v1/people/{login}/same-person/{other}/confirm-revocation': async (stage) => {
    const url = await declaredSame(stage);
    const asked = { token: stage.token('admin'), body: { reason: REASON } };
    const { status, text } = await stage.control.ask('DELETE', url, asked);
    if (status !== 200) throw new Error(text);
    return { url: `${url}/confirm-revocation`, token: stage.token('eve'), body: OWN };
  },
  'POST /v1/commissioning/close': async (stage) => {
    return { url: '/v1/commissioning/close', token: stage.token('admin'), body: { reason: REASON } };
  },
  'POST /v1/tokens': async (stage) => {
    const body = { name: stage.name('nightly'), standingReason: REASON, rings: ['default'], ...OWN };
    return { url: '/v1/tokens', token: stage.token('ana'), body };
  },
  'POST /v1/tokens/{id}/revoke': async (stage) => {
    const { id } = await stage.apiToken();
    return { url: `/v1/tokens/${id}/revoke`, token: stage.token('ana'), body: { reason: REASON } };
  },
  'POST /v1/me/second-component': async (stage) => {
    return { url: '/v1/me/second-component', token: stage.token(await stage.somebody()), body: OWN };
  },
  'POST /v1/me/second-component/confirm': async (stage) => {
    const login = await stage.somebody();
    const code = (await offered(stage, login)).codeAt(stage.control.clock.now());
    return { url: '/v1/me/second-component/confirm', token: stage.token(login), body: { code } };
  },
  'POST /v1/me/second-component/remove': async (stage) => {
    const login = await stage.somebody();
    const { clock } = stage.control;
    const app = await offered(stage, login);
    await stage.post(login, '/v1/me/second-component/confirm', { code: app.codeAt(clock.now()) });
    clock.set(new Date(Date.parse(clock.now()) + 60_000).toISOString());
    const body = { ...OWN, code: app.codeAt(clock.now()) };
    return { url: '/v1/me/second-component/remove', token: stage.token(login), body };
  },
};

async function twoAccounts(stage: Stage): Promise<string> {
  return `/v1/people/${await stage.somebody()}/same-person/${await stage.somebody()}`;
}

async function declaredSame(stage: Stage): Promise<string> {
  await stage.commissioned();
  const url = await twoAccounts(stage);
  await stage.post('admin', url, { reason: REASON });
  await stage.post('eve', `${url}/confirm`, OWN);
  return url;
}

/** Of an admin, at a time at which no admin has been signed in for a day. */
async function recovery(stage: Stage): Promise<Required<Pick<Success, 'url' | 'token' | 'body'>>> {
  const { control } = stage;
  const login = await stage.somebody('auditor');
  hoursOn(stage, 32);
  const host = { name: 'plant-1', account: 'root', proof: stage.name('proof') };
  const hostProof = control.adapters.hostProofs.make(login, host, control.clock.now()).text;
  const token = await control.signIn('olga');
  return { url: `/v1/people/${login}/recovery`, token, body: { ...OWN, login: 'olga', hostProof } };
}

function hoursOn({ control: { clock } }: Stage, hours: number): void {
  clock.set(later(clock.now(), hours * 3_600_000));
}

async function offered(stage: Stage, login: string): Promise<Authenticator> {
  const { json } = await stage.post(login, '/v1/me/second-component', OWN);
  return new Authenticator(String(json['secret']));
}

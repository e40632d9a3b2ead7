import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '#test/support/authenticator';
import { ChangeDesk } from '#test/support/change-desk';
import { PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { SIGN_ON_REDIRECT, SignOnPage } from '#test/support/sign-on-page';
import { SmallIdentityProvider } from '#test/support/small-identity-provider';

const RULES = {
  default: { approvals: 1, roles: { approver: 1 }, reviews: { persons: 1, roles: { qa: 1 } } },
  authored: true,
};

/** Somebody whom the identity provider knows by their login, and who has an authenticator app. */
interface Signer {
  readonly token: string;
  readonly login: string;
  readonly app: Authenticator;
}

let provider: SmallIdentityProvider;
let desk: ChangeDesk;
let ana: Signer;
let cyd: Signer;
let requests = 0;

const page = () =>
  new SignOnPage(desk.control, (address, subject) => Promise.resolve(provider.back(address, subject)));
const ask = (token: string, url: string, body: object): Promise<Answer> =>
  desk.control.ask('POST', url, { token, body: { reason: REASON, ...body } });

beforeAll(async () => {
  const now = () => Date.parse(desk.control.clock.now());
  provider = await SmallIdentityProvider.start(now, SIGN_ON_REDIRECT);
  const people = { ana: ['author'], ben: ['approver'], cyd: ['qa'] } as const;
  desk = await ChangeDesk.open(people, { signOn: provider.settings });
  const policy = await desk.submit('ana', { items: [{ kind: 'approval-policy', rules: RULES }] });
  await desk.sign('ben', policy);
  ana = await signer('ana');
  cyd = await signer('cyd');
});
afterAll(async () => {
  await desk?.close();
  await provider?.stop();
});

async function signer(login: string): Promise<Signer> {
  const token = await desk.control.signIn(login);
  await desk.post('admin', `/v1/people/${login}/single-sign-on`, { subject: login });
  await page().accept(token, login);
  const { json } = await ask(token, '/v1/me/second-component', { password: PASSWORD });
  const app = new Authenticator(String(json['secret']));
  await ask(token, '/v1/me/second-component/confirm', { code: codeOf(app), reason: undefined });
  return { token, login, app };
}

/** Half a minute later. */
function codeOf(app: Authenticator): string {
  const { clock } = desk.control;
  clock.set(new Date(Date.parse(clock.now()) + 30_000).toISOString());
  return app.codeAt(clock.now());
}

type Proof = (by: Signer) => Promise<object>;
const password: Proof = async ({ app }) => ({ password: PASSWORD, code: codeOf(app) });
const signOn: Proof = async ({ login, token, app }) => {
  return { singleSignOn: await page().proof(login, 'signature', token), code: codeOf(app) };
};

describe('R17, R22: a request whose ring asks for the signature of its author, and for a review', () => {
  it.each([
    ['a password', password, 'password'],
    ['single sign-on', signOn, 'single-sign-on'],
  ])('takes both with %s and a code', async (_with, prove, first) => {
    const items = [{ snap: `lab-tool-${++requests}`, channel: 'stable', revision: 7 }];
    const { json } = await ask(ana.token, '/v1/change-requests', { items, submit: false });
    const id = String(json['id']);
    const sign = async (by: Signer, act: string, recordDigest: unknown) => {
      const answer = await ask(by.token, `/v1/change-requests/${id}/${act}`, {
        recordDigest,
        ...(await prove(by)),
      });
      await desk.catchUp();
      return answer.json;
    };
    await desk.catchUp();
    const { draft } = (await desk.show(id, 'ben')) as { readonly draft: { readonly digest: string } };
    expect(await sign(ana, 'submit-signed', draft.digest)).toMatchObject({ status: 'submitted' });
    const { recordDigest } = await desk.show(id, 'ben');
    expect(await sign(cyd, 'review', recordDigest)).toMatchObject({ status: 'in-review' });
    const components = [first, 'totp'];
    const theirs = (await desk.show(id, 'ben'))['signatures'];
    expect(theirs).toMatchObject([
      { meaning: 'authored', printedName: 'ana of the team', components, counts: true },
      { meaning: 'reviewed', printedName: 'cyd of the team', components, counts: true },
    ]);
    for (const { secondCredential, singleSignOn } of theirs as Record<string, unknown>[])
      expect([typeof secondCredential, singleSignOn !== undefined]).toEqual(['string', prove === signOn]);
    expect((await desk.act('ben', id, 'approve', { recordDigest, password: PASSWORD })).json).toMatchObject({
      status: 'approved',
    });
  });
});

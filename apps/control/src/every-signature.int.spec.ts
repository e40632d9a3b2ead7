import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { later, type EventEnvelope } from '#kernel';
import { Authenticator } from '#test/support/authenticator';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { SIGN_ON_REDIRECT } from '#test/support/sign-on-page';
import { SmallIdentityProvider } from '#test/support/small-identity-provider';
import { readWhole } from '#test/support/whole-history';
import { SUCCESSES, type Success } from './testing/every-change.js';
import { signingRoutes } from './testing/signing-routes.js';
import { Stage } from './testing/stage.js';

const OWN = { password: PASSWORD, reason: REASON };
const routes = await signingRoutes();

let provider: SmallIdentityProvider;
let stage: Stage;

beforeAll(async () => {
  provider = await SmallIdentityProvider.start(() => Date.parse(stage.control.clock.now()), SIGN_ON_REDIRECT);
  stage = await Stage.set(await ControlUnderTest.start({ signOn: provider.settings }), provider);
});
afterAll(async () => {
  await stage?.end();
  await provider?.stop();
});

it('are all the doors that take a signature, and those of credentials', () => {
  const acts = ['approve', 'reject', 'release', 'ratify', 'refuse-ratification', 'use-template'];
  const signing = [...acts, 'submit-signed'].map((act) => `POST /v1/change-requests/{id}/${act}`);
  const known = [...signing, 'POST /v1/reviews/{id}/sign', 'POST /v1/tokens'];
  expect(known.filter((route) => !routes.includes(route))).toEqual([]);
});

describe.each(routes)('%s', (name) => {
  let success: Success;
  let login: string;
  /** What else is asked, without any component. */
  let asked: object;
  /** Of who had no second component before. */
  let app: Authenticator | undefined;
  /** When the route before was asked: some take another day. */
  let at: string;
  /** What came of it before there was one, in a new session: of the password alone, and with another's login. */
  let atFirst: readonly unknown[];

  const history = async () => (await readWhole(stage.control.adapters.store)).map(({ envelope }) => envelope);
  const post = (url: string, body: object, { token } = success) =>
    stage.control.askOnce('POST', url, { body, ...(token !== undefined && { token }) });
  const done = async (url: string, body: object) => {
    const answer = await post(url, body);
    if (answer.status >= 300) throw new Error(`${url}: ${answer.text}`);
    return answer.json;
  };

  /** @returns what was answered, and the events that came of it */
  async function outcome(body: object, by = success): Promise<readonly [unknown, readonly EventEnvelope[]]> {
    const before = (await history()).length;
    const { status, json } = await post(success.url, body, by);
    return [json['code'] ?? status, (await history()).slice(before)];
  }

  /** The code of half a minute later. */
  function nextCode(of: Authenticator): string {
    const { clock } = stage.control;
    clock.set(later(clock.now(), 30_000));
    return of.codeAt(clock.now());
  }

  /** In the same session: it is not over by that, and no signature was given in it. */
  async function enrolSecond(): Promise<Authenticator> {
    const { secret } = await done('/v1/me/second-component', { ...OWN, login });
    const made = new Authenticator(String(secret));
    await done('/v1/me/second-component/confirm', { code: made.codeAt(stage.control.clock.now()) });
    return made;
  }

  beforeAll(async () => {
    at = stage.control.clock.now();
    const how = SUCCESSES[name];
    if (!how) throw new Error(`nobody says how ${name} succeeds`);
    success = await how(stage);
    const {
      login: _l,
      password: _p,
      code,
      securityKey,
      ...rest
    } = success.body as Readonly<Record<string, unknown>>;
    asked = rest;
    const me = await stage.control.ask('GET', '/v1/me', { token: success.token ?? '' });
    login = String(me.json['login']);
    const hasNone = code === undefined && securityKey === undefined;
    const token = await stage.control.signIn(hasNone ? login : await stage.somebody('author'));
    const first = { ...asked, password: PASSWORD };
    atFirst = [
      await outcome(first, { ...success, token }),
      await outcome({ ...first, login: 'nobody' }, { ...success, token }),
    ];
    if (hasNone) app = await enrolSecond();
  });
  afterAll(async () => {
    if (app) await done('/v1/me/second-component/remove', { ...OWN, code: nextCode(app) });
    await stage.backTo(at);
    stage.sessions.set(login, await stage.control.signIn(login));
  });

  it('R22: takes no session alone, and leaves nothing', async () => {
    expect(await outcome(asked)).toEqual(['invalid-request', []]);
  });

  it("R22: takes no password alone at first of who has none, nor with another's login, and leaves nothing", () => {
    expect(atFirst).toEqual([
      ['login-required', []],
      ['wrong-password', []],
    ]);
  });

  it('R22: takes no password alone at first of who has a second component, and leaves nothing', async () => {
    expect(await outcome({ ...asked, password: PASSWORD })).toEqual(['second-component-required', []]);
  });

  it('R22: takes no second component alone, and leaves nothing', async () => {
    const second = app ? { code: nextCode(app) } : { ...(success.body as object), password: undefined };
    expect(await outcome({ ...asked, ...second })).toEqual(['invalid-request', []]);
  });

  it('R22, R24: takes no wrong password, and the failure is counted beside what succeeds with both', async () => {
    const both = app ? { ...asked, password: PASSWORD, code: nextCode(app) } : (success.body as object);
    expect(await outcome({ ...both, password: 'not the password' })).toEqual(['wrong-password', []]);
    const [status, [failed, ...left]] = await outcome(both);
    expect([200, 201, 202]).toContain(status);
    expect(failed).toMatchObject({ type: 'SignInFailed', data: { failures: 1 } });
    expect(left.length).toBeGreaterThan(0);
  });
});

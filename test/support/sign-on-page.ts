import { createHash, randomBytes } from 'node:crypto';
import { CONTROL_URL, PASSWORD, REASON, type Answer, type ControlUnderTest } from './control-under-test.js';

/** Of control's page, to which providers send browsers back. */
export const SIGN_ON_REDIRECT = `${CONTROL_URL}/single-sign-on`;

/** Of a provider at whose address nobody listens. */
export const PROVIDER_AWAY = {
  issuer: 'http://127.0.0.1:9',
  clientId: 'holdfast',
  scopes: 'openid',
  claim: 'sub',
  origins: [],
  redirectUri: SIGN_ON_REDIRECT,
};

type Purpose = 'sign-in' | 'signature' | 'binding';
/** What happens at the provider. @returns the query with which the browser comes back */
type There = (address: string, subject: string) => Promise<string>;

/** A page that asks, and keeps a secret for itself: what a browser does of single sign-on. */
export class SignOnPage {
  private readonly secret = randomBytes(32).toString('base64url');
  /** What it tells before. */
  readonly browser = createHash('sha256').update(this.secret).digest('base64url');

  constructor(
    private readonly control: ControlUnderTest,
    private readonly there: There,
  ) {}

  /** At the provider. @param token of the session that it is for */
  async address(purpose: Purpose, token?: string): Promise<string> {
    const { browser } = this;
    const answer = await (purpose === 'sign-in'
      ? this.post('/v1/sessions/single-sign-on/requests', { browser })
      : this.post('/v1/me/single-sign-on/requests', { browser, for: purpose }, token));
    if (answer.status !== 200) throw new Error(answer.text);
    return String(answer.json['address']);
  }

  answer(query: string): Promise<Answer> {
    return this.post('/v1/single-sign-on/answers', { query, secret: this.secret });
  }

  /** There and back: what it then asks control with. */
  async back(subject: string): Promise<{ readonly query: string; readonly secret: string }> {
    return { query: await this.there(await this.address('sign-in'), subject), secret: this.secret };
  }

  /** There and back. */
  async proof(subject: string, purpose: Purpose, token?: string): Promise<string> {
    const query = await this.there(await this.address(purpose, token), subject);
    const answer = await this.answer(query);
    if (answer.status !== 200) throw new Error(answer.text);
    return String(answer.json['proof']);
  }

  async signIn(subject: string, given: object = {}): Promise<Answer> {
    const singleSignOn = await this.proof(subject, 'sign-in');
    return this.post('/v1/sessions/single-sign-on', { singleSignOn, ...given });
  }

  /** Accepts what an admin asked for, in a session of the person. */
  async accept(token: string, subject: string, given: object = {}): Promise<Answer> {
    const singleSignOn = await this.proof(subject, 'binding', token);
    const body = { singleSignOn, password: PASSWORD, reason: REASON, ...given };
    return this.post('/v1/me/single-sign-on', body, token);
  }

  private post(url: string, body: object, token?: string): Promise<Answer> {
    return this.control.ask('POST', url, { body, ...(token !== undefined && { token }) });
  }
}

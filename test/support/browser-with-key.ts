import { TestSecurityKey } from './security-key.js';

type Json = Readonly<Record<string, unknown>>;

/** A browser of somebody who has a security key, at the pages whose addresses the command line prints; what it asks control for is what those pages ask. */
export class BrowserWithKey {
  private readonly key: TestSecurityKey;

  /** @param origin of control's pages */
  constructor(
    private readonly origin: string,
    private readonly login: string,
    private readonly password: string,
  ) {
    this.key = new TestSecurityKey(origin);
  }

  async enrol(): Promise<void> {
    const { login, password } = this;
    const token = String((await this.post('/v1/sessions', { login, password }))['token']);
    const reason = { code: 'security-key', text: 'to sign with the key' };
    const given = { name: 'blue one', login, password, reason };
    const { options } = await this.post('/v1/me/security-keys', given, token);
    await this.post('/v1/me/security-keys/confirm', this.key.register(options), token);
  }

  /** Signs in at the page, and hands the session to the command line that waits. */
  async handOver(page: string): Promise<void> {
    const wanted = askedAt(page);
    const token = await this.signIn();
    const challenge = wanted.get('challenge');
    const { code } = await this.post('/v1/sessions/current/hand-over', { challenge }, token);
    const back = new URLSearchParams({ code: String(code), state: wanted.get('state') ?? '' });
    await answered(await fetch(`http://127.0.0.1:${wanted.get('cli')}/callback?${back.toString()}`));
  }

  /** Signs the review that the page shows. */
  async signReview(page: string): Promise<void> {
    const wanted = askedAt(page);
    const token = await this.signIn();
    const at = `/v1/reviews/${wanted.get('review')}`;
    const reason = { code: wanted.get('code'), text: wanted.get('reason') };
    const said = { recordDigest: wanted.get('digest'), reason };
    const securityKey = this.key.answer(await this.post(`${at}/security-key-challenges`, said, token));
    await this.post(`${at}/sign`, { ...said, password: this.password, securityKey }, token);
  }

  private async signIn(): Promise<string> {
    const components = { login: this.login, password: this.password };
    const challenge = await this.post('/v1/sessions/security-key-challenges', components);
    const { token } = await this.post('/v1/sessions', {
      ...components,
      securityKey: this.key.answer(challenge),
    });
    return String(token);
  }

  private async post(path: string, body: object, token?: string): Promise<Json> {
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return JSON.parse(await answered(await fetch(this.origin + path, init))) as Json;
  }
}

/** What stands behind the address of a page. */
function askedAt(page: string): URLSearchParams {
  return new URLSearchParams(new URL(page).hash.slice(1));
}

async function answered(response: Response): Promise<string> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
  return text;
}

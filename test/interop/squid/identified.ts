import { createHash, randomBytes } from 'node:crypto';
import { Agent, fetch as fetchBy } from 'undici';
import { signInThere } from '#test/support/identity-provider';

/**
 * What a person's browser does to sign in: asks control, goes to the provider, and brings the answer back.
 * @param subject as whom the person signs in there @param redirectUri of control's page @param there where the provider is, and who vouches for it
 * @returns what control says of the answer
 */
export async function identified(
  control: string,
  subject: string,
  redirectUri: string,
  there: { readonly address: string; readonly authority: string },
): Promise<unknown> {
  const secret = randomBytes(32).toString('base64url');
  const browser = createHash('sha256').update(secret).digest('base64url');
  const { address } = (await post(`${control}/v1/sessions/single-sign-on/requests`, { browser })) as {
    address: string;
  };
  const dispatcher = new Agent({
    connect: {
      ca: there.authority,
      lookup: (_host, _options, done) => done(null, [{ address: there.address, family: 4 }]),
    },
  });
  try {
    const ask = (url: URL, init: Parameters<typeof fetchBy>[1]) => fetchBy(url, { ...init, dispatcher });
    const { query } = await signInThere(address, subject, redirectUri, new Map(), ask);
    return await post(`${control}/v1/single-sign-on/answers`, { query, secret });
  } finally {
    await dispatcher.close();
  }
}

async function post(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { expect, it } from 'vitest';
import { browserSignIn } from './browser-sign-in.js';

/** What the machine at that port answers to a path, taken as it is: `fetch` would put a strange one right. */
const statusOf = (port: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });

it('takes a code from who was told its state alone, and goes on waiting whatever else it is asked', async () => {
  const invited = Promise.withResolvers<URLSearchParams>();
  const signedIn = browserSignIn((wanted) => invited.resolve(wanted));
  const wanted = await invited.promise;
  const [port, state] = [wanted.get('cli') ?? '', wanted.get('state') ?? ''];
  for (const path of ['//', '/', 'http://', '/callback?code=x', `/callback?code=x&state=guessed`])
    expect(await statusOf(port, path)).toBe(404);
  expect(await statusOf(port, `/callback?code=hfc_1&state=${state}`)).toBe(200);
  const { code, verifier } = await signedIn;
  expect(code).toBe('hfc_1');
  expect(createHash('sha256').update(verifier).digest('base64url')).toBe(wanted.get('challenge'));
});

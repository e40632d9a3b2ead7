import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '#api-client/client';
import { ApiProblem } from '#api-client/problem';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';

let control: ControlUnderTest;
let url: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  await control.admin();
  url = await control.listen();
});
afterAll(() => control.stop());

describe('the client that is made from the OpenAPI document', () => {
  it('signs in, and speaks with the token', async () => {
    const body = { login: 'admin', password: PASSWORD };
    const { token, person } = await new ApiClient(url).call('post', '/v1/sessions', { body });
    expect(person).toMatchObject({ login: 'admin', roles: ['admin'] });
    const client = new ApiClient(url, token);
    expect(await client.call('get', '/v1/me', {})).toMatchObject({ id: person.id });
    const request = { path: { login: 'a/b ?' }, body: { reason: REASON } };
    await expect(client.call('post', '/v1/people/{login}/disable', request)).rejects.toMatchObject({
      status: 404,
      problem: { code: 'unknown-person', detail: 'nobody has the login a/b ?' },
    });
    expect(await client.call('delete', '/v1/sessions/current', {})).toBeUndefined();
  });

  it('says what the server refused', async () => {
    const refusal = new ApiClient(url).call('get', '/v1/people', {});
    await expect(refusal).rejects.toThrow(ApiProblem);
    await expect(refusal).rejects.toMatchObject({ status: 401, problem: { code: 'not-signed-in' } });
  });
});

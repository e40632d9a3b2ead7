import { afterEach, describe, expect, it } from 'vitest';
import { UpstreamBench } from '../testing/upstream-bench.js';

const bench = new UpstreamBench();
afterEach(async () => bench[Symbol.asyncDispose]());

describe('relay', () => {
  it('gives any answer as it is, without what belongs to the connection', async () => {
    const { server, store } = await bench.answering((_, response) => {
      response
        .writeHead(401, { 'www-authenticate': 'Macaroon refresh_device_session=1', 'keep-alive': '5' })
        .end('no');
    });
    const answer = await store.relay({
      method: 'POST',
      path: '/api/v1/snaps/auth/nonces?x=1',
      headers: { host: 'proxy', 'accept-encoding': 'gzip', connection: 'x-hop', 'x-hop': '1', 'x-kept': '1' },
      body: Buffer.from('hi'),
    });
    expect(answer.status).toBe(401);
    expect(answer.body.toString()).toBe('no');
    expect(answer.headers).toMatchObject({ 'www-authenticate': 'Macaroon refresh_device_session=1' });
    expect(Object.keys(answer.headers)).not.toContain('keep-alive');
    const [seen] = server.requests;
    expect(seen).toMatchObject({ method: 'POST', url: '/api/v1/snaps/auth/nonces?x=1' });
    expect(seen?.headers).toMatchObject({
      'accept-encoding': 'identity',
      'x-kept': '1',
      'content-length': '2',
    });
    expect(seen?.headers).not.toHaveProperty('x-hop');
    expect(seen?.headers.host).not.toBe('proxy');
  });
});

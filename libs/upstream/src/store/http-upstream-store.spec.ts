import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { UpstreamError } from '../errors.js';
import { goneServer } from '../testing/fixture-server.js';
import { UpstreamBench } from '../testing/upstream-bench.js';

const bench = new UpstreamBench();
afterEach(async () => bench[Symbol.asyncDispose]());

describe('refresh', () => {
  it('sends JSON and reads the answer by endpoint, not by content type', async () => {
    const bodies: Promise<string>[] = [];
    const { server, store } = await bench.answering((request, response) => {
      bodies.push(text(request));
      response
        .setHeader('content-type', 'text/plain; charset=utf-8')
        .end('{"results":[{"result":"download"}]}');
    });
    const answer = await store.refresh({ context: [] }, { headers: { 'snap-device-architecture': 'arm64' } });
    expect(answer.results).toEqual([{ result: 'download' }]);
    expect(await bodies[0]).toBe('{"context":[]}');
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/v2/snaps/refresh',
      headers: {
        'content-type': 'application/json',
        'snap-device-series': '16',
        'snap-device-architecture': 'arm64',
        'snap-device-capabilities': 'default-tracks',
      },
    });
  });

  it('takes null for an empty list, as fakestore writes it', async () => {
    const { store } = await bench.answering((_, response) => response.end('{"results":null}'));
    expect((await store.refresh({})).results).toEqual([]);
  });

  it.each(['', '{}', 'not json', '[]', '{"results":{}}', '{"results":[]'])(
    'refuses %j as malformed',
    async (body) => {
      const { store } = await bench.answering((_, response) => response.end(body));
      await expect(store.refresh({})).rejects.toMatchObject({ code: 'malformed-answer', transient: false });
    },
  );

  it('refuses what is oversized', async () => {
    const { store } = await bench.answering(
      (_, response) => response.end(`{"results":[],"x":"${'x'.repeat(2000)}"}`),
      {
        jsonBytes: 1000,
      },
    );
    await expect(store.refresh({})).rejects.toMatchObject({ code: 'malformed-answer' });
  });

  it.each([
    [500, 'server-error', true],
    [503, 'server-error', true],
    [429, 'server-error', true],
    [501, 'server-error', false],
    [400, 'server-error', false],
    [404, 'not-found', false],
  ])('tells status %i as %s', async (status, code, transient) => {
    const { store } = await bench.answering((_, response) =>
      response.writeHead(status).end('{"results":[]}'),
    );
    await expect(store.refresh({})).rejects.toMatchObject({ code, status, transient });
  });

  it('tells how long upstream wants to be left alone', async () => {
    const { store } = await bench.answering((_, response) =>
      response.writeHead(429, { 'retry-after': '120' }).end(),
    );
    await expect(store.refresh({})).rejects.toMatchObject({ status: 429, retryAfterMs: 120_000 });
  });

  it('gives up on an upstream that never answers', async () => {
    const { store } = await bench.answering(() => undefined, { call: 50 });
    await expect(store.refresh({})).rejects.toMatchObject({ code: 'timed-out', transient: true });
  });

  it('gives up on a body that drips: the budget is for the whole call', async () => {
    const { store } = await bench.answering(
      (_, response) => {
        response.write('{"results":[');
        const drip = setInterval(() => response.write(' '), 5);
        response.once('close', () => clearInterval(drip));
      },
      { call: 80 },
    );
    await expect(store.refresh({})).rejects.toMatchObject({ code: 'timed-out' });
  });

  it('says that upstream is gone', async () => {
    const store = bench.storeAt(await goneServer());
    await expect(store.refresh({})).rejects.toMatchObject({ code: 'unreachable', transient: true });
  });

  it('says that upstream broke off', async () => {
    const { store } = await bench.answering((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"results":', () => response.destroy());
    });
    await expect(store.refresh({})).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('ends with the reason of a caller who stops', async () => {
    const stop = new AbortController();
    const { store } = await bench.answering(() => stop.abort(new Error('enough')));
    await expect(store.refresh({}, { signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('assertion', () => {
  it('asks by type and primary key, and gives the exact bytes', async () => {
    const bytes = Buffer.from('type: account\n\n\xff\n', 'latin1');
    const { server, store } = await bench.answering((_, response) => response.end(bytes));
    const given = await store.assertion('snap-declaration', ['16', 'a/b'], { maxFormat: 6 });
    expect(Buffer.from(given)).toEqual(bytes);
    expect(server.requests[0]?.url).toBe('/v2/assertions/snap-declaration/16/a%2Fb?max-format=6');
    expect(server.requests[0]?.headers.accept).toBe('application/x.ubuntu.assertion');
  });

  it('keeps the base path of the store', async () => {
    const server = await bench.serve((_, response) => response.end('x'));
    await bench.storeAt(`${server.url}/store/`).assertion('account', ['me']);
    expect(server.requests[0]?.url).toBe('/store/v2/assertions/account/me?max-format=0');
  });

  it('says that there is none', async () => {
    const { store } = await bench.answering((_, response) => response.writeHead(404).end('{}'));
    const error = await store.assertion('account', ['nobody']).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({
      code: 'not-found',
      message: 'upstream has no assertion account/nobody',
    });
  });
});

describe('info', () => {
  it('asks for an architecture and fields', async () => {
    const { server, store } = await bench.answering((_, response) => response.end('{"default-track":"2.0"}'));
    const info = await store.info('lab-hello', { architecture: 'arm64', fields: ['revision', 'type'] });
    expect(info).toEqual({ 'default-track': '2.0' });
    expect(server.requests[0]?.url).toBe(
      '/v2/snaps/info/lab-hello?architecture=arm64&fields=revision%2Ctype',
    );
  });
});

import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { UpstreamError } from '../errors.js';
import { upstreamSettings, type UpstreamBudgets } from '../settings.js';
import { fixtureServer, goneServer, type FixtureServer } from '../testing/fixture-server.js';
import { HttpUpstreamStore } from './http-upstream-store.js';

const open: (FixtureServer | { [Symbol.asyncDispose](): Promise<void> })[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

async function serve(listener: RequestListener): Promise<FixtureServer> {
  const server = await fixtureServer(listener);
  open.push(server);
  return server;
}

function storeAt(url: string, budgets: Partial<UpstreamBudgets> = {}, extraOrigins = ''): HttpUpstreamStore {
  const store = new HttpUpstreamStore(upstreamSettings(url, extraOrigins, budgets));
  open.push({ [Symbol.asyncDispose]: () => store.close() });
  return store;
}

async function answering(listener: RequestListener, budgets?: Partial<UpstreamBudgets>) {
  const server = await serve(listener);
  return { server, store: storeAt(server.url, budgets) };
}

describe('refresh', () => {
  it('sends JSON and reads the answer by endpoint, not by content type', async () => {
    const bodies: Promise<string>[] = [];
    const { server, store } = await answering((request, response) => {
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

  it.each(['', 'not json', '[]', '{"results":{}}', '{"results":[]'])(
    'refuses %j as malformed',
    async (body) => {
      const { store } = await answering((_, response) => response.end(body));
      await expect(store.refresh({})).rejects.toMatchObject({ code: 'malformed-answer', transient: false });
    },
  );

  it('refuses what is oversized', async () => {
    const { store } = await answering(
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
    const { store } = await answering((_, response) => response.writeHead(status).end('{"results":[]}'));
    await expect(store.refresh({})).rejects.toMatchObject({ code, status, transient });
  });

  it('gives up on an upstream that never answers', async () => {
    const { store } = await answering(() => undefined, { call: 50 });
    await expect(store.refresh({})).rejects.toMatchObject({ code: 'timed-out', transient: true });
  });

  it('gives up on a body that drips: the budget is for the whole call', async () => {
    const { store } = await answering(
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
    const store = storeAt(await goneServer());
    await expect(store.refresh({})).rejects.toMatchObject({ code: 'unreachable', transient: true });
  });

  it('says that upstream broke off', async () => {
    const { store } = await answering((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"results":', () => response.destroy());
    });
    await expect(store.refresh({})).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('ends with the reason of a caller who stops', async () => {
    const stop = new AbortController();
    const { store } = await answering(() => stop.abort(new Error('enough')));
    await expect(store.refresh({}, { signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('assertion', () => {
  it('asks by type and primary key, and gives the exact bytes', async () => {
    const bytes = Buffer.from('type: account\n\n\xff\n', 'latin1');
    const { server, store } = await answering((_, response) => response.end(bytes));
    const given = await store.assertion('snap-declaration', ['16', 'a/b'], { maxFormat: 6 });
    expect(Buffer.from(given)).toEqual(bytes);
    expect(server.requests[0]?.url).toBe('/v2/assertions/snap-declaration/16/a%2Fb?max-format=6');
    expect(server.requests[0]?.headers.accept).toBe('application/x.ubuntu.assertion');
  });

  it('keeps the base path of the store', async () => {
    const server = await serve((_, response) => response.end('x'));
    await storeAt(`${server.url}/store/`).assertion('account', ['me']);
    expect(server.requests[0]?.url).toBe('/store/v2/assertions/account/me?max-format=0');
  });

  it('says that there is none', async () => {
    const { store } = await answering((_, response) => response.writeHead(404).end('{}'));
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
    const { server, store } = await answering((_, response) => response.end('{"default-track":"2.0"}'));
    const info = await store.info('lab-hello', { architecture: 'arm64', fields: ['revision', 'type'] });
    expect(info).toEqual({ 'default-track': '2.0' });
    expect(server.requests[0]?.url).toBe(
      '/v2/snaps/info/lab-hello?architecture=arm64&fields=revision%2Ctype',
    );
  });
});

describe('download', () => {
  it('streams a path of the store, and passes a range on', async () => {
    const { server, store } = await answering((_, response) => {
      response
        .writeHead(206, { 'content-range': 'bytes 2-4/5', 'content-length': '3', 'x-other': '1' })
        .end('llo');
    });
    const download = await store.download('/download/a.snap', { range: 'bytes=2-' });
    expect(download).toMatchObject({
      status: 206,
      headers: { 'content-range': 'bytes 2-4/5', 'content-length': '3' },
    });
    expect(download.headers).not.toHaveProperty('x-other');
    expect(await text(download.body)).toBe('llo');
    expect(server.requests[0]?.headers.range).toBe('bytes=2-');
  });

  it('gives up when no headers come, and not once they came', async () => {
    const begun: ServerResponse[] = [];
    const { store } = await answering(
      (request, response) => {
        if (request.url === '/never') return;
        response.write('begin');
        begun.push(response);
      },
      { downloadHeaders: 60 },
    );
    const slow = await store.download('/slow');
    await expect(store.download('/never')).rejects.toMatchObject({ code: 'timed-out' });
    // The first one's time for headers is over as well, and it goes on.
    begun[0]?.end(' end');
    expect(await text(slow.body)).toBe('begin end');
  });

  it('ends with our error when upstream breaks off', async () => {
    const { store } = await answering((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('begin', () => response.destroy());
    });
    const { body } = await store.download('/broken');
    await expect(text(body)).rejects.toMatchObject({ name: 'UpstreamError', code: 'unreachable' });
  });

  it('stops when the caller does', async () => {
    const stop = new AbortController();
    const { store } = await answering((_, response) => void response.write('begin'));
    const { body } = await store.download('/endless', { signal: stop.signal });
    await once(body, 'readable');
    stop.abort(new Error('the device went away'));
    await expect(text(body)).rejects.toThrow('the device went away');
  });

  it.each([
    [404, 'not-found'],
    [402, 'server-error'],
    [502, 'server-error'],
  ])('tells status %i as %s', async (status, code) => {
    const { store } = await answering((_, response) => response.writeHead(status).end());
    await expect(store.download('/x')).rejects.toMatchObject({ code, status });
  });
});

describe('relay', () => {
  it('gives any answer as it is, without what belongs to the connection', async () => {
    const { server, store } = await answering((_, response) => {
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

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { UpstreamBench } from '../testing/upstream-bench.js';

const bench = new UpstreamBench();
afterEach(async () => bench[Symbol.asyncDispose]());

describe('download', () => {
  it('streams a path of the store, and passes a range on', async () => {
    const { server, store } = await bench.answering((_, response) => {
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
    const { store } = await bench.answering(
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
    const { store } = await bench.answering((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('begin', () => response.destroy());
    });
    const { body } = await store.download('/broken');
    await expect(text(body)).rejects.toMatchObject({ name: 'UpstreamError', code: 'unreachable' });
  });

  it('stops when the caller does', async () => {
    const stop = new AbortController();
    const { store } = await bench.answering((_, response) => void response.write('begin'));
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
    const { store } = await bench.answering((_, response) => response.writeHead(status).end());
    await expect(store.download('/x')).rejects.toMatchObject({ code, status });
  });
});

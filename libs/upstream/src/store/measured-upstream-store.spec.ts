import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { upstreamMetrics } from '../metrics.js';
import { UpstreamBench } from '../testing/upstream-bench.js';
import { MeasuredUpstreamStore } from './measured-upstream-store.js';

const bench = new UpstreamBench();
afterEach(async () => bench[Symbol.asyncDispose]());

describe('MeasuredUpstreamStore', () => {
  it('counts calls by what came of them, and changes no answer', async () => {
    const { store } = await bench.answering((request, response) => {
      const status = request.url?.includes('missing') ? 404 : request.url?.includes('ill') ? 503 : 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"name":"x"}');
    });
    const metrics = new Registry();
    const measured = new MeasuredUpstreamStore(store, upstreamMetrics(metrics));
    const query = { architecture: 'amd64', fields: ['revision'] };
    expect(await measured.info('x', query)).toEqual({ name: 'x' });
    await expect(measured.info('missing', query)).rejects.toMatchObject({ code: 'not-found' });
    expect((await measured.relay({ method: 'GET', path: '/ill' })).status).toBe(503);
    expect((await measured.relay({ method: 'GET', path: '/fine' })).status).toBe(200);
    const shown = await metrics.metrics();
    const count = 'holdfast_upstream_request_duration_seconds_count';
    expect(shown).toContain(`${count}{call="info",outcome="answered"} 1`);
    expect(shown).toContain(`${count}{call="info",outcome="not-found"} 1`);
    expect(shown).toContain(`${count}{call="relay",outcome="server-error"} 1`);
    expect(shown).toContain(`${count}{call="relay",outcome="answered"} 1`);
  });
});

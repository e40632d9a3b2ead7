import { Counter, Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HealthServer } from './health-server.js';
import { Readiness } from './readiness.js';

const ANY = { healthHost: '127.0.0.1', healthPort: 0 };

let readiness: Readiness;
let metrics: Registry;
let server: HealthServer;

beforeEach(async () => {
  readiness = new Readiness('control');
  metrics = new Registry();
  server = await HealthServer.listen(ANY, readiness, metrics);
});
afterEach(() => server.close());

const ask = (path: string, init?: RequestInit) => fetch(server.url + path, init);

describe('HealthServer', () => {
  it('says that the server is alive, also while it is not ready', async () => {
    readiness.expect('database', 'not there');
    const response = await ask('/livez');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ server: 'control', alive: true });
  });

  it('answers 503 with what it waits for, then 200', async () => {
    const database = readiness.expect('database', 'not there');
    const waiting = await ask('/readyz');
    expect(waiting.status).toBe(503);
    expect(await waiting.json()).toMatchObject({ ready: false, waitsFor: ['database'] });
    database.met();
    readiness.check('folder', () => undefined);
    const ready = await ask('/readyz?verbose');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ ready: true, waitsFor: [] });
  });

  it('shows metrics in the form that Prometheus reads', async () => {
    new Counter({ name: 'holdfast_test_total', help: 'A test', registers: [metrics] }).inc(2);
    const response = await ask('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toContain('holdfast_test_total 2');
  });

  it('answers nothing else', async () => {
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/readyz', { method: 'POST' })).status).toBe(405);
    expect(await (await ask('/readyz', { method: 'HEAD' })).text()).toBe('');
  });

  it('names the address that is taken', async () => {
    const taken = { healthHost: '127.0.0.1', healthPort: Number(new URL(server.url).port) };
    await expect(HealthServer.listen(taken, readiness, metrics)).rejects.toThrow(
      `health and metrics cannot be served on 127.0.0.1:${taken.healthPort}: `,
    );
  });
});

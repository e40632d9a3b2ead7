import { describe, expect, it } from 'vitest';
import { loadConfig } from '#platform/config';
import { WorkerConfig } from './config.js';

const ENOUGH = {
  DATABASE_URL: 'postgres://worker@127.0.0.1/holdfast',
  HOLDFAST_KEPT_DIR: '/kept',
  HOLDFAST_LEDGER_VKEY_FILE: '/ledger.vkey',
  HOLDFAST_LEDGER_DIR: '/ledger',
  HOLDFAST_LEDGER_SECOND_DIR: '/ledger-second',
};

describe("the worker's settings", () => {
  it('need a database and a folder', () => {
    expect(loadConfig(WorkerConfig, ENOUGH)).toMatchObject({
      architectures: ['amd64', 'arm64'],
      upstreamUrl: 'https://api.snapcraft.io/',
      trustRootsDir: undefined,
    });
    expect(() => loadConfig(WorkerConfig, {})).toThrow(
      /DATABASE_URL.*\n.*HOLDFAST_LEDGER_VKEY_FILE.*\n.*HOLDFAST_LEDGER_DIR.*\n.*HOLDFAST_LEDGER_SECOND_DIR.*\n.*HOLDFAST_KEPT_DIR/,
    );
  });

  it('take an upstream on this machine', () => {
    const upstream = { HOLDFAST_UPSTREAM_URL: 'http://127.0.0.1:8082', HOLDFAST_ARCHITECTURES: 'riscv64' };
    expect(loadConfig(WorkerConfig, { ...ENOUGH, ...upstream })).toMatchObject({
      upstreamUrl: 'http://127.0.0.1:8082',
      architectures: ['riscv64'],
    });
  });

  it('take a schedule of looks at upstream, or none', () => {
    const every = (text: string) =>
      loadConfig(WorkerConfig, { ...ENOUGH, HOLDFAST_SYNC_EVERY_MINUTES: text }).syncEveryMinutes;
    expect(loadConfig(WorkerConfig, ENOUGH).syncEveryMinutes).toBe(360);
    expect(['0', '10'].map(every)).toEqual([0, 10]);
  });

  it('take a bucket in place of the folder, and then want a spool', () => {
    const { HOLDFAST_KEPT_DIR: _kept, ...elsewhere } = ENOUGH;
    const BLOBS_URL = 's3://kept/site?endpoint=http://minio:9000';
    const env = { ...elsewhere, BLOBS_URL };
    expect(loadConfig(WorkerConfig, { ...env, HOLDFAST_SPOOL_DIR: '/spool' }).blobs).toMatchObject({
      bucket: 'kept',
      prefix: 'site/',
      pathStyle: true,
    });
    expect(() => loadConfig(WorkerConfig, env)).toThrow(/HOLDFAST_SPOOL_DIR is not set/);
  });

  it('never show credentials that somebody put into the URL of the bucket', () => {
    const load = () => loadConfig(WorkerConfig, { ...ENOUGH, BLOBS_URL: 's3://me:secret@kept/site' });
    expect(load).toThrow(/BLOBS_URL is wrong: it must hold no credentials/);
    expect(load).not.toThrow(/secret/);
  });

  it.each([
    ['HOLDFAST_UPSTREAM_URL', 'ftp://store.example'],
    ['HOLDFAST_UPSTREAM_URL', 'https://me:secret@store.example'],
    ['DATABASE_URL', 'postgres://'],
    ['HOLDFAST_ARCHITECTURES', 'amd64,x86'],
    ['HOLDFAST_ARCHITECTURES', 'amd64,amd64'],
    ['HOLDFAST_ZONE', 'Mars/Olympus'],
    ['EVENTSTORE_URL', 'esdb://events.example:2113'],
    ['EVENTSTORE_URL', 'postgres://worker@127.0.0.1/holdfast'],
    ['HOLDFAST_LOG_LEVEL', 'loud'],
    ['HOLDFAST_SYNC_EVERY_MINUTES', '9'],
    ['HOLDFAST_SYNC_EVERY_MINUTES', '20160'],
    ['HOLDFAST_SYNC_EVERY_MINUTES', 'hourly'],
  ])('refuse %s=%s', (variable, text) => {
    expect(() => loadConfig(WorkerConfig, { ...ENOUGH, [variable]: text })).toThrow(variable);
  });
});

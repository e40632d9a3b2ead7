import { describe, expect, it } from 'vitest';
import { loadConfig } from '#platform/config';
import { WorkerConfig } from './config.js';

const ENOUGH = { DATABASE_URL: 'postgres://worker@127.0.0.1/holdfast', HOLDFAST_KEPT_DIR: '/kept' };

describe("the worker's settings", () => {
  it('need a database and a folder', () => {
    expect(loadConfig(WorkerConfig, ENOUGH)).toMatchObject({
      architectures: ['amd64', 'arm64'],
      upstreamUrl: 'https://api.snapcraft.io/',
      trustRootsDir: undefined,
    });
    expect(() => loadConfig(WorkerConfig, {})).toThrow(/DATABASE_URL.*\n?.*HOLDFAST_KEPT_DIR/);
  });

  it('take an upstream on this machine', () => {
    const upstream = { HOLDFAST_UPSTREAM_URL: 'http://127.0.0.1:8082', HOLDFAST_ARCHITECTURES: 'riscv64' };
    expect(loadConfig(WorkerConfig, { ...ENOUGH, ...upstream })).toMatchObject({
      upstreamUrl: 'http://127.0.0.1:8082',
      architectures: ['riscv64'],
    });
  });

  it.each([
    ['HOLDFAST_UPSTREAM_URL', 'ftp://store.example'],
    ['HOLDFAST_UPSTREAM_URL', 'https://me:secret@store.example'],
    ['HOLDFAST_ARCHITECTURES', 'amd64,x86'],
    ['HOLDFAST_ARCHITECTURES', 'amd64,amd64'],
    ['HOLDFAST_ZONE', 'Mars/Olympus'],
    ['HOLDFAST_LOG_LEVEL', 'loud'],
  ])('refuse %s=%s', (variable, text) => {
    expect(() => loadConfig(WorkerConfig, { ...ENOUGH, [variable]: text })).toThrow(variable);
  });
});

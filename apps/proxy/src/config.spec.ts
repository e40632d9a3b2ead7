import { expect, it } from 'vitest';
import { loadConfig } from '#platform/config';
import { ProxyConfig } from './config.js';

const ENOUGH = {
  DATABASE_URL: 'postgres://proxy@127.0.0.1/holdfast',
  HOLDFAST_POLICY_VKEY_FILE: '/policy.vkey',
  HOLDFAST_PROXY_KEY_FILE: '/proxy.key',
  HOLDFAST_KEPT_DIR: '/kept',
  HOLDFAST_CACHE_DIR: '/cache',
};

it('takes an upstream on this machine', () => {
  const HOLDFAST_UPSTREAM_URL = 'http://127.0.0.1:8082/prefix/';
  expect(loadConfig(ProxyConfig, { ...ENOUGH, HOLDFAST_UPSTREAM_URL })).toMatchObject({
    upstreamUrl: HOLDFAST_UPSTREAM_URL,
  });
});

it('refuses credentials in the URL of the upstream store, and does not show them', () => {
  const load = () =>
    loadConfig(ProxyConfig, { ...ENOUGH, HOLDFAST_UPSTREAM_URL: 'https://me:secret@store.example/' });
  expect(load).toThrow(/HOLDFAST_UPSTREAM_URL is .*without credentials/);
  expect(load).not.toThrow(/secret/);
});

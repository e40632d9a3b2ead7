import { execFileSync, spawnSync } from 'node:child_process';

/** Why the specs with OpenSSL's program cannot run here; undefined when they can. */
export function whyNoOpenssl(): string | undefined {
  return spawnSync('openssl', ['version']).status === 0
    ? undefined
    : 'openssl is not installed (Debian: openssl)';
}

/** @returns what it prints @throws Error when it fails */
export function openssl(argv: readonly string[], input = ''): string {
  return execFileSync('openssl', argv, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}

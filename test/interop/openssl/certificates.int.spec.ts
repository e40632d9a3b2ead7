import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireUsable } from '#platform/tls/require-usable';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { keyText, readPair } from '#platform/tls/tls-pair';
import { tryHandshake } from '#platform/tls/try-handshake';
import { selfSigned } from '#platform/tls/writing/self-signed';
import { openssl, whyNoOpenssl } from './openssl-program.js';

const HOST = 'store.site.example';
const missing = whyNoOpenssl();

describe.skipIf(missing !== undefined)(`certificates and OpenSSL${missing ? `: ${missing}` : ''}`, () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-openssl-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** What `openssl verify` says of a server's certificate, for a client that trusts `trusted`. */
  function verified(leaf: string, trusted: string, between = ''): string {
    writeFileSync(file('trusted.pem'), trusted);
    writeFileSync(file('between.pem'), between);
    const chain = between === '' ? [] : ['-untrusted', file('between.pem')];
    const argv = [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_hostname',
      HOST,
      '-CAfile',
      file('trusted.pem'),
      ...chain,
    ];
    return openssl(argv, leaf).trim();
  }

  it('verify what we write: one that signs itself', () => {
    const { leaf, key } = selfSigned([HOST, '192.0.2.7', '2001:db8::7'], 30, Date.now());
    expect(verified(leaf.toString(), leaf.toString())).toBe('stdin: OK');
    const text = openssl(['x509', '-noout', '-text'], leaf.toString());
    for (const part of [
      'Version: 3 (0x2)',
      'Signature Algorithm: ecdsa-with-SHA256',
      `Subject: CN = ${HOST}`,
      'NIST CURVE: P-256',
      'CA:FALSE',
      'TLS Web Server Authentication',
      `DNS:${HOST}, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7`,
    ])
      expect(text).toContain(part);
    expect(openssl(['pkey', '-noout', '-text'], keyText(key))).toContain('prime256v1');
  });

  it('verify what we write: a chain of authorities', () => {
    const root = TestAuthority.root();
    const middle = root.authority('Middle');
    expect(verified(middle.server([HOST]).pem, root.pem, middle.pem)).toBe('stdin: OK');
    expect(() => verified(middle.server([HOST]).pem, TestAuthority.root().pem, middle.pem)).toThrow(
      /unable to get local issuer|verification failed/,
    );
  });

  const kinds = [
    ['RSA', ['rsa:2048'], []],
    ['P-256', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], []],
    ['P-384', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], []],
    ['RSA in the old form', ['rsa:2048'], ['rsa', '-traditional']],
    ['EC in the old form', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], ['ec']],
  ] as const;

  it.each(kinds)('write what we read: %s', async (_kind, newkey, rewrite) => {
    const names = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
    const files = ['-keyout', file('my.key'), '-out', file('my.crt')];
    openssl(['req', '-x509', '-nodes', '-days', '30', '-newkey', ...newkey, ...names, ...files]);
    const key =
      rewrite.length === 0
        ? readFileSync(file('my.key'), 'utf8')
        : openssl([...rewrite, '-in', file('my.key')]);
    const described = openssl(['x509', '-text', '-in', file('my.crt')]);
    const pair = readPair(key + described);
    expect(() => requireUsable(pair, [HOST], Date.now())).not.toThrow();
    await expect(tryHandshake(pair, [HOST])).resolves.toBeUndefined();
  });

  it('write what we read: all of PKCS#12, with its attributes and the parameters of the curve', () => {
    const names = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
    const files = ['-keyout', file('my.key'), '-out', file('my.crt')];
    openssl([
      'req',
      '-x509',
      '-nodes',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      ...names,
      ...files,
    ]);
    openssl([
      'pkcs12',
      '-export',
      '-in',
      file('my.crt'),
      '-inkey',
      file('my.key'),
      '-out',
      file('my.p12'),
      '-passout',
      'pass:',
    ]);
    const all = openssl(['pkcs12', '-in', file('my.p12'), '-nodes', '-passin', 'pass:']);
    expect(all).toContain('Bag Attributes');
    const parameters = openssl(['ecparam', '-name', 'prime256v1']);
    expect(readPair(parameters + all).leaf.checkHost(HOST)).toBe(HOST);
  });

  it('write what we refuse: an encrypted key', () => {
    openssl([
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-passout',
      'pass:hunter2',
      '-subj',
      '/CN=x',
      '-keyout',
      file('locked.key'),
      '-out',
      file('my.crt'),
    ]);
    const read = () =>
      readPair(readFileSync(file('my.crt'), 'utf8') + readFileSync(file('locked.key'), 'utf8'));
    expect(read).toThrow(expect.objectContaining({ code: 'encrypted-private-key' }));
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeCertificate } from './certificate-facts.js';
import { keyText, pairText, readPair } from './tls-pair.js';
import { newKey, TestAuthority } from './testing/test-authority.js';

const otherKey = `${keyText(newKey())}\n`;
const HOST = 'store.site.example';
const root = TestAuthority.root();
const middle = root.authority('Middle');
const lower = middle.authority('Lower');
const server = lower.server([HOST, '192.0.2.7']);
const subjects = (text: string) => readPair(text).chain.map((each) => describeCertificate(each).subject);

function orders<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

describe('a certificate with its key', () => {
  const parts = [server.pem, server.keyPem, lower.pem, middle.pem, root.pem];

  it('is read in any order, the chain from the leaf on, without its root', () => {
    const every = orders(parts);
    expect(every).toHaveLength(120);
    for (const order of every) {
      const pair = readPair(order.join(''));
      expect(pair.chain.map((each) => describeCertificate(each).subject)).toEqual([
        `CN=${HOST}`,
        'CN=Lower',
        'CN=Middle',
      ]);
      expect(pair.root?.fingerprint256).toBe(root.issued.certificate.fingerprint256);
      expect(pair.leftOver).toEqual([]);
    }
  });

  it('is written as what is read as the same again', () => {
    const text = pairText(readPair(parts.toReversed().join('')));
    expect(pairText(readPair(text))).toBe(text);
    expect(text.indexOf(server.pem.trim())).toBe(0);
  });
});

describe('a chain', () => {
  it('ends where the next one was not given', () => {
    expect(subjects(server.pem + server.keyPem + middle.pem)).toEqual([`CN=${HOST}`]);
  });

  it('leaves out what does not belong to it, of the same name even', () => {
    const stranger = root.authority('Lower');
    const pair = readPair([stranger.pem, server.pem, server.keyPem, lower.pem].join(''));
    expect(pair.chain[1]?.fingerprint256).toBe(lower.issued.certificate.fingerprint256);
    expect(pair.leftOver.map((each) => each.fingerprint256)).toEqual([
      stranger.issued.certificate.fingerprint256,
    ]);
  });

  it('is of the newest certificate, when the key has several', () => {
    const renewed = lower.server([HOST], { notAfter: new Date(Date.now() + 200 * 86_400_000) }, server.key);
    const pair = readPair([server.pem, renewed.pem, server.keyPem].join(''));
    expect(pair.leaf.fingerprint256).toBe(renewed.certificate.fingerprint256);
  });

  it('has a certificate once that is given twice', () => {
    expect(subjects(server.pem + server.pem + server.keyPem + lower.pem + lower.pem)).toHaveLength(2);
  });
});

describe('what is no such pair is refused', () => {
  const encrypted = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
  const legacy = `-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n`;
  const cut = server.pem.slice(0, -40);
  const damaged = server.pem.replace(/\n[^\n]+\n/, '\n');
  const request = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';

  it.each([
    ['nothing', '', 'no-certificate', 'openssl x509 -inform der'],
    ['garbage', '0\x82\x01\x00 no text at all', 'no-certificate', 'PEM is wanted'],
    ['a certificate alone', server.pem, 'no-private-key', 'no private key'],
    ['a key alone', server.keyPem, 'no-certificate', 'no certificate'],
    ["another one's key", server.pem + otherKey, 'private-key-differs', `CN=${HOST}`],
    ['two keys', server.pem + server.keyPem + otherKey, 'several-private-keys', 'give one'],
    ['a key with a password', server.pem + encrypted, 'encrypted-private-key', 'openssl pkey'],
    ['a key with a password, in the old form', server.pem + legacy, 'encrypted-private-key', 'openssl pkey'],
    ['a certificate that is cut off', server.keyPem + cut, 'malformed-certificate', 'does not end'],
    [
      'a key that is cut off',
      server.pem + server.keyPem.slice(0, -40),
      'malformed-private-key',
      'does not end',
    ],
    ['a damaged certificate', server.keyPem + damaged, 'malformed-certificate', 'line 6'],
    [
      'a key of nothing',
      `${server.pem}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`,
      'malformed-private-key',
      'cannot be read',
    ],
    ['a request', server.pem + request + server.keyPem, 'malformed-certificate', 'CERTIFICATE REQUEST'],
    ['1 MB', 'x'.repeat(1_000_000), 'certificate-too-large', '256 KiB'],
    [
      '1 MB of beginnings',
      '-----BEGIN CERTIFICATE-----\n'.repeat(9_000),
      'malformed-certificate',
      'does not end',
    ],
  ])('%s', (_what, text, code, says) => {
    const read = () => readPair(text);
    expect(read).toThrow(expect.objectContaining({ code }));
    expect(read).toThrow(says);
  });

  it('and so are more certificates than a chain has', () => {
    const many = Array.from({ length: 21 }, () => lower.server([HOST]).pem).join('');
    expect(() => readPair(many + server.keyPem)).toThrow(
      expect.objectContaining({ code: 'certificate-too-large' }),
    );
  });

  it('and so is one with more names than fit into a record', () => {
    const names = Array.from({ length: 101 }, (_, n) => `host-${n}.example`);
    const { pem, keyPem } = lower.server(names);
    expect(() => readPair(pem + keyPem)).toThrow(expect.objectContaining({ code: 'certificate-too-large' }));
  });

  it('without a word of the key', () => {
    const body = server.keyPem.split('\n')[1] ?? '';
    for (const text of [server.keyPem, root.pem + server.keyPem, server.pem + server.keyPem.slice(0, -40)]) {
      expect(() => readPair(text)).toThrow(/certificate|private key/i);
      expect(() => readPair(text)).not.toThrow(body.slice(0, 16));
    }
  });
});

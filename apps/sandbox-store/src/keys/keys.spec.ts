import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyId } from '#snap';
import { sign, TIMESTAMP } from '../assertions/sign.js';
import { authorityOf, signAccountKey } from './authority.js';
import { openKeyFolder } from './key-files.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-keys-'));
  openKeyFolder(join(dir, 'made'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A folder with the same keys, and files beside them. */
function folder(name: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  cpSync(join(dir, 'made'), join(dir, name), { recursive: true });
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(dir, name, file), bytes);
  return join(dir, name);
}

function key(name: string) {
  return createPrivateKey(readFileSync(join(dir, 'made', `${name}.pem`)));
}

describe('key folder', () => {
  it('is made once, for its owner only, and used again', () => {
    const again = openKeyFolder(join(dir, 'made'));
    expect(keyId(again.store)).toBe(keyId(key('store')));
    expect(statSync(join(dir, 'made', 'root.pem')).mode & 0o777).toBe(0o600);
  });

  it('is refused when only some keys are there, or one is none', () => {
    const some = join(dir, 'some');
    mkdirSync(some);
    cpSync(join(dir, 'made', 'root.pem'), join(some, 'root.pem'));
    expect(() => openKeyFolder(some)).toThrow(/no store\.pem, dev\.pem/);
    expect(() => openKeyFolder(folder('garbage', { 'dev.pem': 'garbage' }))).toThrow(/no private key/);
    expect(() => openKeyFolder(folder('none', { 'x.assert': 'garbage' }))).toThrow(/no assertions/);
  });
});

describe('authority', () => {
  it('is our own without ready-made assertions', () => {
    const authority = authorityOf(openKeyFolder(join(dir, 'made')));
    expect(authority.accountId).toBe('sandbox-root');
    expect(authority.roots.map(({ authorityId, signKeyId }) => [authorityId, signKeyId])).toEqual([
      ['sandbox-root', keyId(key('root'))],
      ['sandbox-root', keyId(key('root'))],
    ]);
    expect(authority.storeAccountKey.primaryKey).toEqual([keyId(key('store'))]);
  });

  it('is the ready-made root account-key’s account; what is ready-made is used as it is', () => {
    const root = key('root');
    const given = {
      account: sign(root, {
        type: 'account',
        headers: {
          'authority-id': 'given-root',
          'account-id': 'given-root',
          'display-name': 'Given',
          timestamp: TIMESTAMP,
          validation: 'verified',
        },
      }),
      rootKey: signAccountKey(root, 'given-root', 'given-root', 'first', root),
      storeKey: signAccountKey(root, 'given-root', 'given-root', 'second', key('store')),
    };
    const path = folder('given', {
      'a.account': given.account.bytes,
      'b.account-key': given.rootKey.bytes,
      'c.assert': given.storeKey.bytes,
    });
    const authority = authorityOf(openKeyFolder(path));
    expect(authority.accountId).toBe('given-root');
    expect(authority.roots.map(({ bytes }) => bytes)).toEqual([given.account.bytes, given.rootKey.bytes]);
    expect(authority.storeAccountKey.bytes).toEqual(given.storeKey.bytes);
  });

  it('is refused when account-keys are given and none is the root key’s', () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const path = folder('other', {
      'x.account-key': signAccountKey(other, 'other', 'other', 'x', other).bytes,
    });
    expect(() => authorityOf(openKeyFolder(path))).toThrow(/none of them belongs to root\.pem/);
  });
});

import { describe, expect, it } from 'vitest';
import { describeCertificate } from '../certificate-facts.js';
import { selfSigned } from './self-signed.js';

const AT = Date.parse('2026-11-26T15:00:00.000Z');

describe('a certificate that signs itself', () => {
  const { leaf, chain, root, key } = selfSigned(['store.site.example', '192.0.2.7', '2001:db8::7'], 30, AT);

  it('is what was asked for, to Node', () => {
    expect(describeCertificate(leaf)).toMatchObject({
      subject: 'CN=store.site.example',
      issuer: 'CN=store.site.example',
      names: ['store.site.example', '192.0.2.7', '2001:DB8:0:0:0:0:0:7'],
      notBefore: '2026-11-26T14:00:00.000Z',
      notAfter: '2026-12-26T15:00:00.000Z',
    });
    expect(leaf.checkPrivateKey(key)).toBe(true);
    expect(leaf.checkIssued(leaf) && leaf.verify(leaf.publicKey)).toBe(true);
    expect([chain, root]).toEqual([[leaf], undefined]);
  });

  it('is no authority, and for servers alone', () => {
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('is another one each time', () => {
    const { leaf: other } = selfSigned(['store.site.example'], 30, AT);
    expect(other.serialNumber).not.toBe(leaf.serialNumber);
    expect(other.checkPrivateKey(key)).toBe(false);
  });

  it('has a host as its subject only where one fits', () => {
    const long = `${'a'.repeat(60)}.site.example`;
    const made = describeCertificate(selfSigned([long], 30, AT).leaf);
    expect(made).toMatchObject({ subject: 'CN=holdfast', names: [long] });
  });

  it.each(['1::', '::1', '::', '2001:db8:0:1:2:3:4:5', '::ffff:192.0.2.1', '64:ff9b::192.0.2.33'])(
    'is for %s',
    (address) => {
      expect(selfSigned([address], 1, AT).leaf.checkIP(address)).toBe(address);
    },
  );

  it('is for somebody', () => {
    expect(() => selfSigned([], 30, AT)).toThrow(expect.objectContaining({ code: 'no-name' }));
  });
});

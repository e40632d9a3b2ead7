import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import { certificate, type Certificate, type ImportCertificate } from './certificate.js';

const first: Certificate = {
  subject: 'CN=store.site.example',
  issuer: 'CN=Site Authority',
  names: ['store.site.example'],
  serial: '4a01',
  notBefore: '2026-11-26T00:00:00.000Z',
  notAfter: '2027-02-24T00:00:00.000Z',
  sha256: 'a1',
};
const next: Certificate = { ...first, serial: '4a02', sha256: 'a2' };
const { given } = specify(certificate);
const imported = (old: Certificate | null, now: Certificate) =>
  ({ type: 'CertificateImported', data: { old, new: now } }) as const;
const removed = { type: 'CertificateRemoved', data: { old: first } } as const;
const context = byWorker('certificate');
const put = (one: Certificate): ImportCertificate => ({
  type: 'ImportCertificate',
  context,
  certificate: one,
});
const remove = { type: 'RemoveCertificate', context } as const;

describe('the certificate of a site', () => {
  it('is recorded when it comes', () => given().when(put(first)).then(imported(null, first)));

  it('is recorded with the one before it', () =>
    given(imported(null, first)).when(put(next)).then(imported(first, next)));

  it('is recorded once', () => given(imported(null, first)).when(put(first)).thenNothing());

  it('is recorded when it goes, once', () => {
    given(imported(null, first)).when(remove).then(removed);
    given(imported(null, first), removed).when(remove).thenNothing();
    given().when(remove).thenNothing();
  });

  it('comes again after it went', () =>
    given(imported(null, first), removed).when(put(first)).then(imported(null, first)));
});

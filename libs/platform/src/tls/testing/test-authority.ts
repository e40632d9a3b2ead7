import { generateKeyPairSync, type KeyObject, type X509Certificate } from 'node:crypto';
import { keyText } from '../tls-pair.js';
import { issueCertificate } from '../writing/issue-certificate.js';

const DAY_MS = 86_400_000;

export interface Lifetime {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A certificate with its key, as texts. */
export interface Issued {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  /** Of the certificate. */
  readonly pem: string;
  readonly keyPem: string;
}

/** An authority of a company: a root, and what it and those below it issue. */
export class TestAuthority {
  private constructor(
    private readonly subject: string,
    readonly issued: Issued,
  ) {}

  static root(subject = 'Test Root'): TestAuthority {
    const key = newKey();
    return new TestAuthority(subject, issue(subject, [], true, key, { subject, key }, {}));
  }

  authority(subject: string, lifetime: Lifetime = {}): TestAuthority {
    return new TestAuthority(subject, issue(subject, [], true, newKey(), this.issuer, lifetime));
  }

  /** @param names host names and IP addresses */
  server(names: readonly string[], lifetime: Lifetime = {}, key = newKey()): Issued {
    return issue(names[0] ?? 'nameless', names, false, key, this.issuer, lifetime);
  }

  get pem(): string {
    return this.issued.pem;
  }

  private get issuer(): { readonly subject: string; readonly key: KeyObject } {
    return { subject: this.subject, key: this.issued.key };
  }
}

export function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function issue(
  subject: string,
  names: readonly string[],
  authority: boolean,
  key: KeyObject,
  issuer: { readonly subject: string; readonly key: KeyObject },
  { notBefore = new Date(Date.now() - DAY_MS), notAfter = new Date(Date.now() + 90 * DAY_MS) }: Lifetime,
): Issued {
  const certificate = issueCertificate({ subject, names, authority, key, notBefore, notAfter }, issuer);
  return { certificate, key, pem: certificate.toString(), keyPem: `${keyText(key)}\n` };
}

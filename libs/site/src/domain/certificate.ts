import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** The certificate that control and proxy show. */
export const CERTIFICATE_STREAM = 'certificate';

/** What is recorded of one: nothing of its key. */
export type Certificate = {
  readonly subject: string;
  readonly issuer: string;
  /** Host names and IP addresses. */
  readonly names: readonly string[];
  /** Hexadecimal. */
  readonly serial: string;
  /** RFC 3339, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Of the whole certificate, hexadecimal. */
  readonly sha256: string;
};

export type CertificateImported = DomainEvent<
  'CertificateImported',
  { readonly old: Certificate | null; readonly new: Certificate }
>;
/** Plain HTTP is served from the next start on. */
export type CertificateRemoved = DomainEvent<'CertificateRemoved', { readonly old: Certificate }>;

export interface ImportCertificate {
  readonly type: 'ImportCertificate';
  readonly context: CommandContext;
  readonly certificate: Certificate;
}

export interface RemoveCertificate {
  readonly type: 'RemoveCertificate';
  readonly context: CommandContext;
}

/** Each is recorded once, however often its file had to be written. */
export const certificate: Decider<
  ImportCertificate | RemoveCertificate,
  CertificateImported | CertificateRemoved,
  Certificate | null
> & { readonly versions: { CertificateImported: 1; CertificateRemoved: 1 } } = {
  initialState: null,
  versions: { CertificateImported: 1, CertificateRemoved: 1 },
  decide(command, old) {
    switch (command.type) {
      case 'ImportCertificate':
        return old?.sha256 === command.certificate.sha256
          ? []
          : [{ type: 'CertificateImported', data: { old, new: command.certificate } }];
      case 'RemoveCertificate':
        return old === null ? [] : [{ type: 'CertificateRemoved', data: { old } }];
    }
  },
  evolve(_old, event) {
    switch (event.type) {
      case 'CertificateImported':
        return event.data.new;
      case 'CertificateRemoved':
        return null;
    }
  },
};

import { stat } from 'node:fs/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigError } from '../config.js';
import type { Readiness } from '../health/readiness.js';
import { closeInOrder } from '../http/close-in-order.js';
import type { Logger } from '../logging/logger.js';
import { describeCertificate } from './certificate-facts.js';
import type { CertificateMetrics } from './certificate-metrics.js';
import { RedirectServer, type PlainRefusal } from './redirect-server.js';
import { ServedCertificate } from './served-certificate.js';

export interface PublicPortSettings {
  readonly host: string;
  /** HTTPS where there is a certificate, else plain HTTP. */
  readonly port: number;
  /** Plain HTTP beside HTTPS. */
  readonly redirectPort: number | undefined;
  /** How the server is reached from outside. */
  readonly publicUrl: string | undefined;
  readonly certificateFile: string | undefined;
}

export interface PublicPortParts {
  readonly logger: Logger;
  readonly readiness: Readiness;
  readonly metrics: CertificateMetrics;
  /** The setting that `publicUrl` comes from. */
  readonly urlVariable: string;
  /** What is answered in plain HTTP to whoever must come by HTTPS. */
  readonly refusal: (sentence: string) => PlainRefusal;
  /** How often the certificate's file is looked at, other than by default. */
  readonly lookEveryMs?: number;
}

/** The port that a server is there for: HTTPS when there is a certificate, plain HTTP when there is none. */
export class PublicPort {
  private redirect: RedirectServer | undefined;

  private constructor(
    private readonly settings: PublicPortSettings,
    private readonly parts: PublicPortParts,
    private readonly certificate: ServedCertificate | undefined,
  ) {}

  /** Nothing listens yet. @throws ConfigError for a certificate that cannot be served, or that contradicts the address */
  static async open(settings: PublicPortSettings, parts: PublicPortParts): Promise<PublicPort> {
    const { certificateFile: file, publicUrl } = settings;
    const certificate = file === undefined ? undefined : await ServedCertificate.open(file);
    if (certificate && publicUrl !== undefined && !publicUrl.startsWith('https:'))
      throw new ConfigError([
        `${parts.urlVariable} is ${JSON.stringify(publicUrl)}: there is a certificate, so it must begin with https://.`,
      ]);
    const port = new PublicPort(settings, parts, certificate);
    if (certificate) port.watch(certificate);
    else if (file !== undefined) port.expectNone(file);
    return port;
  }

  /** For Fastify's option of that name. */
  get serverFactory(): ServedCertificate['serverFactory'] | undefined {
    return this.certificate?.serverFactory;
  }

  /** Where plain HTTP is sent on to HTTPS, when it is: with port 0, the only way to know. */
  get redirectPort(): number | undefined {
    return this.redirect?.port;
  }

  /** @returns the address that is listened on */
  async listen(app: NestFastifyApplication): Promise<string> {
    const { host, port, redirectPort, publicUrl } = this.settings;
    await app.listen(port, host);
    const url = new URL(await app.getUrl());
    if (!this.certificate) return url.origin;
    const httpsPort = Number(url.port || 80);
    if (redirectPort !== undefined)
      this.redirect = await RedirectServer.listen({
        host,
        port: redirectPort,
        publicUrl: publicUrl?.replace(/\/+$/, ''),
        httpsPort,
        refusal: this.parts.refusal,
      });
    return new URL(`https://${url.hostname}:${httpsPort}`).origin;
  }

  async close(app: NestFastifyApplication): Promise<void> {
    await Promise.all([this.certificate?.stop(), this.redirect?.close(), closeInOrder(app)]);
  }

  private watch(certificate: ServedCertificate): void {
    const { logger, readiness, metrics, lookEveryMs } = this.parts;
    metrics.watch(() => certificate.pair);
    readiness.check('certificate', () => certificate.says(Date.now()), { needed: false });
    const shows = (): void => {
      const { sha256, names, notAfter } = describeCertificate(certificate.pair.leaf);
      logger.info({ sha256, names, notAfter }, 'HTTPS is served with this certificate');
    };
    shows();
    certificate.follow(
      {
        reloaded: shows,
        notReloaded: (err) => {
          metrics.notReloaded();
          logger.error({ err }, 'a new certificate cannot be taken: the one before is served on');
        },
        removed: () => logger.warn('the certificate was removed: it is served on until the next start'),
      },
      lookEveryMs,
    );
  }

  private expectNone(file: string): void {
    this.parts.readiness.check(
      'certificate',
      async () => {
        const there = await stat(file).catch(() => undefined);
        return there && `${file} came after the start: HTTPS is served from the next start on`;
      },
      { needed: false },
    );
  }
}

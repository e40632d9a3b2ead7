import type { RequestListener, Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { patientServer } from '../http/client-patience.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '#kernel';
import { openCertificate, readServable, textOfCertificate } from './certificate-file.js';
import { endingOf } from './certificate-facts.js';
import { secureOptions } from './secure-options.js';
import type { TlsPair } from './tls-pair.js';

const LOOK_EVERY_MS = 5_000;
/** snapd waits no longer for a handshake (protocol page 3). */
const HANDSHAKE_MS = 10_000;

export interface CertificateEvents {
  reloaded(pair: TlsPair): void;
  /** Once for each thing that stood in the file; the old pair is served on. */
  notReloaded(error: unknown): void;
  removed(): void;
}

interface ServerTimeouts {
  readonly keepAliveTimeout?: number;
  readonly requestTimeout?: number;
  readonly connectionTimeout?: number;
}

/** The pair that a server shows, and goes on showing until another good one stands in its file. */
export class ServedCertificate {
  private readonly servers = new Set<Server>();
  private readonly stopped = new AbortController();
  private following: Promise<void> | undefined;
  private trouble: string | undefined;

  private constructor(
    private readonly file: string,
    /** What was last seen in the file, good or not; undefined: no file, null: one that could not be read. */
    private seen: string | undefined | null,
    private shown: TlsPair,
  ) {}

  /** Undefined when there is no file. @throws ConfigError for a file that holds no pair, or one that OpenSSL does not take */
  static async open(file: string): Promise<ServedCertificate | undefined> {
    const there = await openCertificate(file);
    return there && new ServedCertificate(file, there.text, there.pair);
  }

  get pair(): TlsPair {
    return this.shown;
  }

  /** For Fastify's option: each server that it makes, one for each address of `localhost` even, shows the pair of the moment. */
  readonly serverFactory = (handler: RequestListener, timeouts: ServerTimeouts): HttpServer => {
    const options = { ...secureOptions(this.shown), ...patientServer(), handshakeTimeout: HANDSHAKE_MS };
    const server = createServer(options, handler);
    if (timeouts.keepAliveTimeout !== undefined) server.keepAliveTimeout = timeouts.keepAliveTimeout;
    if (timeouts.requestTimeout !== undefined) server.requestTimeout = timeouts.requestTimeout;
    if (timeouts.connectionTimeout !== undefined) server.setTimeout(timeouts.connectionTimeout);
    this.servers.add(server);
    server.once('close', () => this.servers.delete(server));
    return server;
  };

  /** Looks at the file again and again. */
  follow(events: CertificateEvents, everyMs = LOOK_EVERY_MS): void {
    this.following ??= this.keepLooking(events, everyMs);
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.following;
  }

  /** What a person should know of it; undefined when all is well. @param at milliseconds */
  says(at: number): string | undefined {
    return this.trouble ?? endingOf(this.shown.chain, at)?.says;
  }

  private async keepLooking(events: CertificateEvents, everyMs: number): Promise<void> {
    const { signal } = this.stopped;
    for (;;) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.look(events);
    }
  }

  private async look(events: CertificateEvents): Promise<void> {
    let text: string | undefined | null = null;
    try {
      text = await textOfCertificate(this.file);
      if (text === this.seen) return;
      if (text === undefined) {
        this.trouble = `${this.file} was removed: plain HTTP is served from the next start on, this one until then`;
        events.removed();
        return;
      }
      this.show(readServable(text));
      this.trouble = undefined;
      events.reloaded(this.shown);
    } catch (error) {
      const trouble = `${this.file} cannot be taken, the one before is served on: ${sentenceOf(error)}`;
      if (trouble !== this.trouble) events.notReloaded(error);
      this.trouble = trouble;
    } finally {
      this.seen = text;
    }
  }

  /** For connections from now on; those that are open go on. @param pair that OpenSSL takes: all servers show it, or none */
  private show(pair: TlsPair): void {
    const options = secureOptions(pair);
    for (const server of this.servers) server.setSecureContext(options);
    this.shown = pair;
  }
}

import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';

/** Where everything of a site lies that is not in the database. */
export class Home {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = path.resolve(folder);
  }

  readonly pg = (): string => this.in('pg');
  readonly kept = (): string => this.in('kept');
  readonly cache = (): string => this.in('cache');
  readonly ledger = (): string => this.in('ledger');
  readonly ledgerSecond = (): string => this.in('ledger-second');
  readonly spool = (): string => this.in('spool');
  /** The proxy's own: its key as a node, and what it has still to hand over. */
  readonly node = (): string => this.in('node');
  readonly sandbox = (): string => this.in('sandbox');

  /** Where the addresses of the running servers are, for the CLI. */
  readonly runFile = (): string => this.in('run.json');

  /** What the servers were last started with of the site's own settings. */
  readonly settingsFile = (): string => this.in('settings.json');

  /** Public: the certificate that the servers show and its chain; what clients of a private authority must trust. */
  readonly certificate = (): string => this.in('certificate.crt');
  readonly certificateAuthority = (): string => this.in('certificate-authority.crt');

  /** What a server that somebody else starts is given. */
  server(name: string): string {
    return this.in('servers', name);
  }

  secret(name: string): string {
    return this.in('secrets', name);
  }

  /** Makes what is missing; secrets are for our own account only. */
  async make(): Promise<void> {
    for (const name of ['pg', 'kept', 'cache', 'ledger', 'ledger-second', 'spool']) {
      await mkdir(this.in(name), { recursive: true });
    }
    await mkdir(this.in('secrets'), { recursive: true });
    await chmod(this.in('secrets'), 0o700);
  }

  private in(...names: string[]): string {
    return path.join(this.folder, ...names);
  }
}

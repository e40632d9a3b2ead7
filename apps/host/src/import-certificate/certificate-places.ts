import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Home } from '../home.js';

/** Where a site's certificate is. */
export interface CertificatePlaces {
  /** Certificate, chain and key, for the servers: the first is the site's, the others are copies for servers that somebody else starts. */
  readonly pairs: readonly [string, ...string[]];
  /** The pair before. */
  readonly previous: string;
  /** Certificate and chain, for the CLI on this machine; no key. */
  readonly shown: string;
  /** What clients of a private authority must trust. */
  readonly authority: string;
}

/** @param named by HOLDFAST_CERTIFICATE_FILE */
export async function certificatePlaces(home: Home, named: string | undefined): Promise<CertificatePlaces> {
  const pair = named ?? home.secret('certificate.pem');
  const copies: string[] = [];
  for (const server of ['control', 'proxy']) {
    const folder = home.server(server);
    const there = await stat(folder).catch(() => undefined);
    if (there?.isDirectory()) copies.push(path.join(folder, 'certificate.pem'));
  }
  return {
    pairs: [pair, ...copies.filter((copy) => path.resolve(copy) !== path.resolve(pair))],
    previous: pair.replace(/(\.pem)?$/, '.previous.pem'),
    shown: home.certificate(),
    authority: home.certificateAuthority(),
  };
}

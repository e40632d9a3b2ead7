import { systemClock, uuidv7, type CommandContext, type Reason } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { describeCertificate } from '#platform/tls/certificate-facts';
import { requireUsable } from '#platform/tls/require-usable';
import type { TlsPair } from '#platform/tls/tls-pair';
import { tryHandshake } from '#platform/tls/try-handshake';
import { certificate, CERTIFICATE_STREAM } from '#site/domain/certificate';
import { SiteError } from '#site/domain/errors';
import type { Home } from '../home.js';
import type { CertificatePlaces } from './certificate-places.js';
import { placeCertificate, removeCertificate } from './place-certificate.js';

export interface CertificateCommand {
  readonly home: Home;
  readonly places: CertificatePlaces;
  readonly writer: StreamWriter;
  readonly reason: Reason;
}

/**
 * Checks a pair as a client will, records it, and puts it in its place.
 * @param hosts that it must be for @returns the text of the pair that was there before
 * @throws TlsError when it is not to be served: nothing has changed then; EventStoreError
 */
export async function importCertificate(
  pair: TlsPair,
  hosts: readonly string[],
  { home, places, writer, reason }: CertificateCommand,
): Promise<string | undefined> {
  requireUsable(pair, hosts, Date.now());
  await tryHandshake(pair, hosts);
  const command = {
    type: 'ImportCertificate',
    certificate: describeCertificate(pair.leaf),
    context: context(reason),
  } as const;
  const { before } = await placeCertificate(pair, places, home, async () => {
    await writer.decideAndAppend(certificate, CERTIFICATE_STREAM, command);
  });
  return before;
}

/** @throws SiteError `no-certificate-in-use`; EventStoreError */
export async function dropCertificate({ places, writer, reason }: CertificateCommand): Promise<void> {
  const command = { type: 'RemoveCertificate', context: context(reason) } as const;
  const { events } = await writer.decideAndAppend(certificate, CERTIFICATE_STREAM, command);
  // Recorded by one that was interrupted, and not done yet: the file is still there.
  const removed = await removeCertificate(places);
  if (!removed && events.length === 0)
    throw new SiteError('no-certificate-in-use', 'the site has no certificate: there is nothing to remove');
}

function context(reason: Reason): CommandContext {
  const id = uuidv7();
  return {
    at: systemClock.now(),
    actor: { kind: 'service', id: 'host', for: CERTIFICATE_STREAM },
    reason,
    cause: id,
    correlation: id,
    authorisedBy: [],
  };
}

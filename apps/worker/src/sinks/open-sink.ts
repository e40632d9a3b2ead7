import { heldRoleParts, type Clock } from '#kernel';
import { knownPerson } from '#identity/published';
import type { Transport } from '#notifications/delivery/transport';
import { MailTransport } from '#notifications/delivery/mail/mail-transport';
import { SyslogTransport } from '#notifications/delivery/syslog/syslog-transport';
import { WebhookTransport } from '#notifications/delivery/webhook/webhook-transport';
import type { Sink } from '#notifications/domain/sinks/sinks';
import { MAIL_ADDRESSES_STREAM, mailAddresses } from '#notifications/domain/mail-addresses/mail-addresses';
import type { SinkSecrets } from '#notifications/secrets/sink-secrets';
import type { StreamWriter } from '#platform/decide-and-append';
import { site, SITE_STREAM } from '#site/domain/site';
import type { WayOut } from '#upstream/published';

export interface Outside {
  readonly streams: StreamWriter;
  readonly secrets: SinkSecrets | undefined;
  readonly wayOut: WayOut;
  readonly clock: Clock;
}

/** The way to a sink as it is set. @throws Error with a sentence when its secret cannot be opened */
export async function openSink(sink: Sink, outside: Outside): Promise<Transport> {
  const { wayOut, clock } = outside;
  const { state: identity } = await outside.streams.load(site, SITE_STREAM);
  if (identity === null) throw new Error('the site was not founded yet');
  const { origin } = identity;
  switch (sink.target.kind) {
    case 'webhook': {
      const secret = await secretOf(sink, outside.secrets);
      return new WebhookTransport({ url: sink.target.url, secret, origin, wayOut, clock });
    }
    case 'mail': {
      const credentials = sink.secret === null ? undefined : await secretOf(sink, outside.secrets);
      const addressesOf = (roles: readonly string[]) => addressesOfRoles(outside.streams, roles);
      const { authorities } = wayOut;
      return new MailTransport({ target: sink.target, credentials, authorities, origin, addressesOf });
    }
    case 'syslog':
      return new SyslogTransport({ server: sink.target.server, authorities: wayOut.authorities, origin });
  }
}

async function secretOf({ name, secret }: Sink, secrets: SinkSecrets | undefined): Promise<string> {
  if (secrets === undefined)
    throw new Error('the worker has no key for the secrets of sinks: HOLDFAST_SINKS_KEY_FILE is not set');
  const opened = secret && (await secrets.open(name, secret));
  if (opened && 'value' in opened) return opened.value;
  throw new Error(
    `the sealed secret of the sink ${name} is ${opened?.lost ?? 'missing'}: give it another one with "holdfast sink change ${name}"`,
  );
}

/** Of whoever has one of these roles now, in whatever ring, those whose address is known. */
async function addressesOfRoles(streams: StreamWriter, roles: readonly string[]): Promise<readonly string[]> {
  if (roles.length === 0) return [];
  const { state } = await streams.load(mailAddresses, MAIL_ADDRESSES_STREAM);
  const found: string[] = [];
  for (const [login, address] of state) {
    const known = await knownPerson(streams, login);
    if (known?.roles.some((held) => roles.includes(heldRoleParts(held).role))) found.push(address);
  }
  return found;
}

import { NotificationError } from '../../errors.js';
import { mailAddress, rolesNamed } from './mail-recipients.js';
import { serverOf, webhookUrl } from './sink-address.js';

/** CloudEvents by HTTP POST, signed as Standard Webhooks says. */
export type WebhookTarget = { readonly kind: 'webhook'; readonly url: string };

/** Plain text to people. */
export type MailTarget = {
  readonly kind: 'mail';
  /** `smtps://host:port`, or `smtp://host:port`, which begins in clear and goes on in TLS. */
  readonly server: string;
  readonly from: string;
  /** Whoever has one of these roles when it is sent, and whose address is known. */
  readonly roles: readonly string[];
  readonly addresses: readonly string[];
};

/** RFC 5424, by TLS (RFC 5425) or, on this machine, TCP with octet counting (RFC 6587). */
export type SyslogTarget = { readonly kind: 'syslog'; readonly server: string };

/** Where a sink's events go. */
export type Target = WebhookTarget | MailTarget | SyslogTarget;

/** What a person says of it. */
export interface GivenTarget {
  readonly kind: Target['kind'];
  readonly address: string;
  /** Of mail. */
  readonly from?: string | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly recipients?: readonly string[] | undefined;
}

const MOST_RECIPIENTS = 50;

/** @throws NotificationError `wrong-sink` with a sentence for each mistake */
export function targetOf(given: GivenTarget): Target {
  const { kind, address } = given;
  if (kind !== 'mail' && [given.from, given.roles, given.recipients].some((each) => each !== undefined))
    throw wrongSink([`only a mail has a sender, roles and recipients, and this is a ${kind}.`]);
  switch (kind) {
    case 'webhook':
      return { kind, url: webhookUrl(address) };
    case 'syslog':
      return { kind, server: serverOf(address, 'syslog') };
    case 'mail': {
      const { from = '', roles = [], recipients = [] } = given;
      if (roles.length + recipients.length === 0)
        throw wrongSink(['a mail goes to somebody: name a role, or an address.']);
      if (recipients.length > MOST_RECIPIENTS)
        throw wrongSink([`a mail goes to ${MOST_RECIPIENTS} addresses at most: let a list send it on.`]);
      return {
        kind,
        server: serverOf(address, 'mail'),
        from: mailAddress(from),
        roles: rolesNamed(roles),
        addresses: [...new Set(recipients.map(mailAddress))],
      };
    }
  }
}

/** As a person would say it: what is changed of it is put over this. */
export function givenAs(target: Target): GivenTarget {
  switch (target.kind) {
    case 'webhook':
      return { kind: 'webhook', address: target.url };
    case 'syslog':
      return { kind: 'syslog', address: target.server };
    case 'mail': {
      const { server: address, from, roles, addresses: recipients } = target;
      return { kind: 'mail', address, from, roles, recipients };
    }
  }
}

export function wrongSink(sentences: readonly string[]): NotificationError {
  return new NotificationError('wrong-sink', `nothing was changed: ${sentences.join(' ')}`);
}

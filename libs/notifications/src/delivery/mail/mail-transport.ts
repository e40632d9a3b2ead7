import { createTransport, type Transporter } from 'nodemailer';
import type { MailTarget } from '../../domain/sinks/target.js';
import { serverAddress } from '../server-address.js';
import type { Message } from '../message.js';
import type { Outcome, Transport } from '../transport.js';
import { isIncomplete } from '../words.js';
import { mailSubject, mailText } from './mail-text.js';

export interface MailSettings {
  readonly target: MailTarget;
  /** `user:password`; undefined: the server asks for none. */
  readonly credentials: string | undefined;
  /** Certificates in PEM of the authorities that are trusted; undefined: those that Node.js trusts. */
  readonly authorities: string | undefined;
  /** Of the site. */
  readonly origin: string;
  /** Addresses of those who have one of these roles now. */
  addressesOf(roles: readonly string[]): Promise<readonly string[]>;
  /** Milliseconds that a server may be silent. */
  readonly patience?: number;
}

/** What a connection to a mail server takes. */
type MailConnection = Pick<MailSettings, 'credentials' | 'authorities' | 'patience'> & {
  readonly target: Pick<MailTarget, 'server'>;
};

const USUAL_PATIENCE_MS = 15_000;
/** A whole mail may take so many times that. */
const TRIES_PATIENCE = 4;

/** A mail to each: nobody sees who else is told, and who was told is not told again when another one's server is away. */
export class MailTransport implements Transport {
  private transporter: Transporter;
  /** Of the message that is tried. */
  private told: { readonly event: string; readonly addresses: Set<string> } | undefined;

  constructor(private readonly settings: MailSettings) {
    this.transporter = transporterFor(settings);
  }

  async send(message: Message, signal: AbortSignal): Promise<Outcome> {
    const { target, addressesOf } = this.settings;
    const { envelope } = message;
    // What it is about is complete with a later one.
    if (isIncomplete(envelope)) return { kind: 'delivered' };
    const recipients = new Set([...target.addresses, ...(await addressesOf(target.roles))]);
    if (recipients.size === 0)
      return { kind: 'failed', why: `nobody with the role ${target.roles.join(' or ')} has a mail address` };
    if (this.told?.event !== envelope.id) this.told = { event: envelope.id, addresses: new Set() };
    const missed: Missed[] = [];
    for (const recipient of recipients) {
      if (this.told.addresses.has(recipient)) continue;
      const missing = await this.sendTo(recipient, message, signal);
      if (missing === undefined) this.told.addresses.add(recipient);
      // Of nobody else's: the others would fare the same.
      else if (!missing.ofRecipient) return missing.outcome;
      else missed.push(missing);
    }
    const [first] = missed;
    if (first === undefined) return { kind: 'delivered' };
    if (this.told.addresses.size > 0)
      return {
        kind: 'delivered',
        note: `${missed.length} of ${recipients.size} were not told: ${first.outcome.why}`,
      };
    return (missed.find(({ outcome }) => outcome.kind === 'failed') ?? first).outcome;
  }

  async close(): Promise<void> {
    this.transporter.close();
  }

  /** @returns what kept the mail from being taken; undefined when it was */
  private async sendTo(to: string, message: Message, stopping: AbortSignal): Promise<Missed | undefined> {
    const { target, origin, patience = USUAL_PATIENCE_MS } = this.settings;
    // However slowly a server speaks: its time-outs are of silences.
    const late = AbortSignal.timeout(TRIES_PATIENCE * patience);
    const signal = AbortSignal.any([stopping, late]);
    const sent = this.transporter.sendMail({
      from: target.from,
      to,
      subject: mailSubject(message, origin),
      text: mailText(message, origin),
      messageId: `<${message.envelope.id}@holdfast.invalid>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    try {
      await unlessAbortedFirst(sent, signal);
      return undefined;
    } catch (error) {
      stopping.throwIfAborted();
      if (!late.aborted) return missedBy(error);
      this.transporter.close();
      this.transporter = transporterFor(this.settings);
      const why = `the mail server did not take a mail within ${(TRIES_PATIENCE * patience) / 1000} s`;
      return { ofRecipient: false, outcome: { kind: 'failed', why } };
    }
  }
}

/** Ends with the signal; what it leaves behind ends by its own time-outs. */
async function unlessAbortedFirst(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}

interface Missed {
  /** The server says it of this address: others may well be told. */
  readonly ofRecipient: boolean;
  readonly outcome: Exclude<Outcome, { readonly kind: 'delivered' }>;
}

/** A status of 5xx is a no to this mail (RFC 5321, 4.2.1), but where it is one to us: that, people mend. */
function missedBy(error: unknown): Missed {
  const { code, responseCode, command } = error as {
    code?: unknown;
    responseCode?: unknown;
    command?: unknown;
  };
  const at = typeof command === 'string' && command !== 'CONN' ? ` at ${command}` : '';
  if (typeof responseCode !== 'number') {
    const why = `the mail server cannot be reached: ${typeof code === 'string' ? code : 'no answer'}${at}`;
    return { ofRecipient: false, outcome: { kind: 'failed', why } };
  }
  const why = `the mail server answers with ${responseCode}${at}`;
  const kind = responseCode >= 500 && code !== 'EAUTH' ? 'refused' : 'failed';
  return { ofRecipient: command === 'RCPT TO', outcome: { kind, why } };
}

/**
 * Connects as for a mail, up to TLS: signs in nowhere, and sends nothing.
 * @throws Error with a sentence
 */
export async function reachMailServer(server: string, authorities: string | undefined): Promise<void> {
  const transporter = transporterFor({ target: { server }, credentials: undefined, authorities });
  try {
    await transporter.verify();
  } catch (error) {
    throw new Error(missedBy(error).outcome.why, { cause: error });
  } finally {
    transporter.close();
  }
}

function transporterFor(settings: MailConnection): Transporter {
  const { target, credentials, authorities, patience = USUAL_PATIENCE_MS } = settings;
  const { scheme, host, port, loopback } = serverAddress(target.server);
  const [user = '', ...password] = credentials?.split(':') ?? [];
  return createTransport({
    host,
    port,
    secure: scheme === 'smtps',
    requireTLS: scheme === 'smtp' && !loopback,
    tls: { minVersion: 'TLSv1.2', ...(authorities === undefined ? {} : { ca: authorities }) },
    ...(credentials === undefined ? {} : { auth: { user, pass: password.join(':') } }),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    dnsTimeout: patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

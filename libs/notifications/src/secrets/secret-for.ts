import { wrongSink, type Target } from '../domain/sinks/target.js';
import { newSigningSecret } from './signing-secret.js';

const CREDENTIALS = /^[^:\p{Cc}]{1,200}:[^\p{Cc}]{1,500}$/u;

/**
 * What a new sink proves itself with: a webhook with a key that we make, a mail server's client with what it was given, syslog with nothing.
 * @throws NotificationError `wrong-sink`, which does not show what was given
 */
export function secretFor({ kind }: Target, credentials: string | null): string | null {
  if (kind !== 'mail' && credentials !== null) throw wrongSink([`a ${kind} takes no credentials.`]);
  switch (kind) {
    case 'webhook':
      return newSigningSecret();
    case 'syslog':
      return null;
    case 'mail':
      if (credentials === null || CREDENTIALS.test(credentials)) return credentials;
      throw wrongSink(['the credentials of a mail server are one line, user:password.']);
  }
}

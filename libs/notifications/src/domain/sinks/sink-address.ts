import { NotificationError } from '../../errors.js';

const LONGEST_URL = 2_000;

/** @throws NotificationError `wrong-sink` */
export function webhookUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol) || text.length > LONGEST_URL)
    throw wrongAddress(`${shown(text)} is no address for a webhook: say https://host/path`);
  if (url.username !== '' || url.password !== '')
    throw wrongAddress(
      "the webhook's address has credentials in it, which everybody would read in the history: leave them out; what is sent is signed",
    );
  if (url.hash !== '') throw wrongAddress(`${shown(text)} has a fragment, which is never sent: leave it out`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw wrongAddress(
      `${shown(text)} is plain http, which may only lead to this machine itself: say https, or 127.0.0.1`,
    );
  return url.href;
}

interface Scheme {
  readonly scheme: string;
  readonly port: number;
  /** What is sent cannot be read on the way. */
  readonly encrypted: boolean;
}

/** `smtp` asks for STARTTLS, but on this machine. */
const SCHEMES: Readonly<Record<'mail' | 'syslog', readonly Scheme[]>> = {
  mail: [
    { scheme: 'smtps', port: 465, encrypted: true },
    { scheme: 'smtp', port: 587, encrypted: true },
  ],
  syslog: [
    { scheme: 'syslog+tls', port: 6514, encrypted: true },
    { scheme: 'syslog+tcp', port: 601, encrypted: false },
  ],
};

const SERVER =
  /^([a-z+]+):\/\/(\[[0-9a-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::([0-9]{1,5}))?\/?$/;

/** `scheme://host:port`, with the port that is usual where none is said. @throws NotificationError `wrong-sink` */
export function serverOf(text: string, kind: 'mail' | 'syslog'): string {
  const [, scheme, host = '', port] = SERVER.exec(text) ?? [];
  const known = SCHEMES[kind].find((each) => each.scheme === scheme);
  const number = Number(port ?? known?.port ?? 0);
  if (known === undefined || number < 1 || number > 65_535) {
    const forms = SCHEMES[kind].map((each) => `${each.scheme}://host:${each.port}`).join(' or ');
    throw wrongAddress(`${shown(text)} is no server for ${kind}: say ${forms}, without credentials`);
  }
  if (!known.encrypted && !isLoopback(host))
    throw wrongAddress(
      `${shown(text)} is not encrypted, which may only lead to this machine itself: say ${SCHEMES[kind][0]?.scheme}, or 127.0.0.1`,
    );
  return `${known.scheme}://${host.toLowerCase()}:${number}`;
}

/** @param host as in a URL: an IPv6 address in brackets */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

/** Not what it has of credentials. */
function shown(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return JSON.stringify(short.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@'));
}

function wrongAddress(sentence: string): NotificationError {
  return new NotificationError('wrong-sink', `nothing was changed: ${sentence}`);
}

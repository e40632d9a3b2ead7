import { isIP } from 'node:net';

/** Top-level names that no public host has (RFC 6761, 6762, 7686, 8375; ICANN's `internal`), and those that sites took for themselves. */
const NEVER_PUBLIC = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home',
  'corp',
  'test',
  'invalid',
  'onion',
  'arpa',
];

/** Whether a URL's host may be somewhere in the internet, as far as its name says. Addresses are for others to judge. */
export function mayBePublic(hostname: string): boolean {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return true;
  const labels = hostname.toLowerCase().replace(/\.$/, '').split('.');
  return labels.length > 1 && !NEVER_PUBLIC.includes(labels.at(-1) ?? '');
}

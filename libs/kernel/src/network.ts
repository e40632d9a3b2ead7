/** A network in CIDR notation (RFC 4632, RFC 4291 2.3), without bits behind its prefix. */
export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 4 | 6;
}

/**
 * Reads `10.20.0.0/16` or `fd00:20::/32`. A single address has the prefix 32 or 128.
 * @returns why it is none, in words, when it is none
 */
export function readNetwork(text: string): Network | string {
  const [, address = '', digits = ''] = /^([0-9a-fA-F.:]{2,45})\/([0-9]{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  if (family !== 4 && family !== 6)
    return `"${text}" is no network: write its address and prefix, such as 10.20.0.0/16`;
  const prefix = Number(digits);
  const most = family === 4 ? 32 : 128;
  if (prefix < 1 || prefix > most) return `the prefix of ${text} is not from 1 to ${most}`;
  const bits = bitsOf(address, family);
  const host = bits & ((1n << BigInt(most - prefix)) - 1n);
  if (host !== 0n)
    return `${text} has bits behind its prefix: is ${addressOf(bits - host, family)}/${prefix} meant?`;
  return { address: addressOf(bits, family), prefix, family };
}

const OCTET = '(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** 4 or 6, or 0 for what is no IP address. */
function isIP(text: string): 0 | 4 | 6 {
  if (IPV4.test(text)) return 4;
  return /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(text) && URL.canParse(`http://[${text}]`) ? 6 : 0;
}

function bitsOf(address: string, family: 4 | 6): bigint {
  if (family === 4) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  return expanded(address).reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
}

/** The eight groups of an IPv6 address. */
function expanded(address: string): readonly string[] {
  // The URL standard writes each address in one way (RFC 5952), also what ends in an IPv4 address.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
}

function addressOf(bits: bigint, family: 4 | 6): string {
  const [groups, width] = family === 4 ? [4, 8n] : [8, 16n];
  const parts = Array.from(
    { length: groups },
    (_, i) => (bits >> (width * BigInt(groups - 1 - i))) & ((1n << width) - 1n),
  );
  if (family === 4) return parts.join('.');
  const text = parts.map((part) => part.toString(16)).join(':');
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

/** Whether an address, as a socket has it, is in a network. An IPv4 address that came over an IPv6 socket (`::ffff:10.0.0.1`) is one of IPv4. */
export function isInNetwork({ address, prefix, family }: Network, asked: string): boolean {
  const own = /^::ffff:([0-9.]+)$/i.exec(asked)?.[1] ?? asked;
  if (isIP(own) !== family) return false;
  const shift = BigInt((family === 4 ? 32 : 128) - prefix);
  return bitsOf(own, family) >> shift === bitsOf(address, family) >> shift;
}

/** Writes DER (ITU-T X.690, section 10): as much of it as a certificate needs. Each function returns a whole value, with tag and length. */
export type Der = Buffer;

export function sequence(...parts: readonly Der[]): Der {
  return value(0x30, Buffer.concat(parts));
}

export function set(...parts: readonly Der[]): Der {
  return value(0x31, Buffer.concat(parts));
}

/** A whole number that is not negative, from its bytes. */
export function integer(bytes: Uint8Array): Der {
  const from = bytes.findIndex((byte) => byte !== 0);
  const digits = from === -1 ? Buffer.of(0) : Buffer.from(bytes.subarray(from));
  // A first bit of 1 would make it negative.
  return value(0x02, (digits[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

export function boolean(is: boolean): Der {
  return value(0x01, Buffer.of(is ? 0xff : 0));
}

/** @param dotted as in `2.5.4.3` */
export function objectIdentifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return value(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

export function utf8String(text: string): Der {
  return value(0x0c, Buffer.from(text, 'utf8'));
}

export function octetString(bytes: Uint8Array): Der {
  return value(0x04, bytes);
}

/** @param unused how many of the last byte's low bits mean nothing */
export function bitString(bytes: Uint8Array, unused = 0): Der {
  return value(0x03, Buffer.concat([Buffer.of(unused), bytes]));
}

/** As RFC 5280, section 4.1.2.5 wants it: two digits of the year until 2049, four from then on. */
export function time(date: Date): Der {
  const digits = `${date.toISOString().slice(0, 19).replaceAll(/[-T:]/g, '')}Z`;
  return date.getUTCFullYear() < 2050
    ? value(0x17, Buffer.from(digits.slice(2), 'latin1'))
    : value(0x18, Buffer.from(digits, 'latin1'));
}

/** Of the context: around a value, or with `primitive` in place of its own tag. */
export function tagged(number: number, content: Uint8Array, form: 'around' | 'primitive'): Der {
  return value((form === 'around' ? 0xa0 : 0x80) | number, content);
}

function value(tag: number, content: Uint8Array): Der {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function base128(part: number): number[] {
  const digits = [part % 128];
  for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift(0x80 | (rest % 128));
  return digits;
}

import type { JsonValue } from '#kernel';

/** Which formats of its own data a revision reads and writes. */
export interface Epoch {
  readonly read: readonly number[];
  readonly write: readonly number[];
}

const ZERO: Epoch = { read: [0], write: [0] };

/** The forms of protocol page 4.3: a number, `"3"`, `"3*"` (reads 2 too), or both lists. What is absent is epoch 0; undefined for what is none of these. */
export function parseEpoch(value: JsonValue | undefined): Epoch | undefined {
  if (value === undefined || value === null) return ZERO;
  if (typeof value === 'number' || typeof value === 'string') return shortEpoch(String(value));
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const members = value as { readonly [name: string]: JsonValue };
  const read = numbers(members['read']) ?? numbers(members['write']) ?? ZERO.read;
  const write = numbers(members['write']) ?? numbers(members['read']) ?? ZERO.write;
  return { read, write };
}

/** Whether a revision of epoch `next` can read what the installed one, of epoch `installed`, wrote. */
export function canRead(next: Epoch, installed: Epoch): boolean {
  return installed.write.some((epoch) => next.read.includes(epoch));
}

function shortEpoch(text: string): Epoch | undefined {
  const match = /^(0|[1-9][0-9]{0,8})(\*?)$/.exec(text);
  if (!match) return undefined;
  const number = Number(match[1]);
  if (match[2] === '') return { read: [number], write: [number] };
  return number === 0 ? undefined : { read: [number - 1, number], write: [number] };
}

function numbers(value: JsonValue | undefined): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((item): item is number => Number.isSafeInteger(item)) ? value : undefined;
}

import { sha256Hex } from '#kernel';
import { NO_STREAM } from '#event-store/port';
import { HttpError } from '../http/errors.js';

/** The revisions that a request was made for; `any`: whatever exists. */
export type IfMatch = 'any' | readonly bigint[];

/** In the place of a number: nothing has happened to the record yet. */
const NOTHING_YET = 'none';
/** So many tags are compared. */
const MOST_TAGS = 20;
const LONGEST_HEADER = 2_000;

/**
 * The strong validator of an answer (RFC 9110, 8.8.3): `"12-0f3a…"`, the number of the record's newest event (`none` before the first) and a digest of the bytes, or either alone. What a command
 * is decided on is the number; the digest is for what else the answer shows.
 */
export function entityTag(revision: bigint | undefined, body: string | undefined): string | undefined {
  const digest = body === undefined ? undefined : sha256Hex(Buffer.from(body)).slice(0, 32);
  const number = revision === NO_STREAM ? NOTHING_YET : revision?.toString();
  const parts = [number, digest].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : `"${parts.join('-')}"`;
}

/** @throws HttpError `invalid-request` */
export function entityTags(name: string, header: string | readonly string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  const text = typeof header === 'string' ? header : header.join(',');
  const tags = text.split(',').map((tag) => tag.trim());
  const isList = tags.every((tag) => /^(W\/)?"[!#-~]*"$/.test(tag));
  if (text.length <= LONGEST_HEADER && tags.length <= MOST_TAGS && (text.trim() === '*' || isList))
    return tags;
  throw new HttpError(
    'invalid-request',
    `${name} is * or up to ${MOST_TAGS} entity tags, as ETag shows them: "12"`,
  );
}

/**
 * The revisions that `If-Match` names. A weak tag never matches (RFC 9110, 13.1.1), nor does one without a number.
 * @returns undefined without the header
 * @throws HttpError `invalid-request`
 */
export function ifMatch(header: string | readonly string[] | undefined): IfMatch | undefined {
  if (header === undefined) return undefined;
  const tags = entityTags('If-Match', header);
  if (tags[0] === '*') return 'any';
  return tags.flatMap((tag) => {
    const number = /^"(\d{1,18}|none)(-[0-9a-f]{32})?"$/.exec(tag)?.[1];
    if (number === undefined) return [];
    return [number === NOTHING_YET ? NO_STREAM : BigInt(number)];
  });
}

/** Whether what `If-None-Match` names is what there is (RFC 9110, 13.1.2: weak comparison). */
export function isKnown(tags: readonly string[], tag: string): boolean {
  return tags.some((each) => each === '*' || each.replace(/^W\//, '') === tag);
}

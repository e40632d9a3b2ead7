import { asText } from '#kernel';
import { BlobStoreError, type BlobReader } from '#blob-store/port';
import { parseManifest } from '../manifest/parse-manifest.js';
import { factsOf, type SnapFacts } from './facts.js';
import { marksOf } from './marks.js';

/** One thing that is said of a version, in one line: `base`, core22, core24. `null`: nothing is said of it. */
export interface DifferenceLine {
  readonly what: string;
  readonly old: string | null;
  readonly new: string | null;
}

/** What an approver is shown between two captures. */
export interface CaptureDifference {
  readonly lines: readonly DifferenceLine[];
  /** What to look at twice. */
  readonly marks: readonly { readonly code: string; readonly text: string }[];
  /** How many lines and marks there was no room for; absent for none. */
  readonly omitted?: number;
}

const LONGEST_TEXT = 200;

/**
 * How a captured revision differs from the one that was chosen before. Equal manifests give an equal difference, always.
 * @param before SHA-256 of the manifest of what was chosen before; null when upstream decided, and all that is said is new
 * @param after SHA-256 of the manifest of what is asked for
 * @param room for its JSON, in bytes; what is beyond is counted; marks are the last to go
 * @throws CatalogError `malformed-manifest`; BlobStoreError of a storage that is at fault, and when `after` is not kept
 */
export async function compareCaptures(
  before: string | null,
  after: string,
  kept: Pick<BlobReader, 'read'>,
  room: number,
): Promise<CaptureDifference> {
  const next = await factsIn(after, kept);
  const lost = { code: 'earlier-capture-missing', text: 'what was approved before is not kept any more' };
  const earlier = before === null ? undefined : await factsIn(before, kept).catch(unlessLost);
  const marks = [...(before !== null && !earlier ? [lost] : []), ...marksOf(earlier, next)];
  return fitted(linesOf(earlier, next), marks, room);
}

async function factsIn(digest: string, kept: Pick<BlobReader, 'read'>): Promise<SnapFacts> {
  return factsOf(parseManifest(await kept.read(digest)));
}

/** The scrub tells of blobs that went bad; that one did is no reason to refuse what shall take its place. */
function unlessLost(error: unknown): undefined {
  const lost =
    error instanceof BlobStoreError && (error.code === 'not-found' || error.code === 'digest-mismatch');
  if (!lost) throw error;
}

function linesOf(before: SnapFacts | undefined, { said: now }: SnapFacts): DifferenceLine[] {
  const said = before?.said ?? new Map<string, string>();
  const gone = [...said.keys()].filter((what) => !now.has(what));
  return [...now.keys(), ...gone]
    .map((what) => ({ what, old: said.get(what) ?? null, new: now.get(what) ?? null }))
    .filter((line) => line.old !== line.new);
}

/** Marks have room before lines do. */
function fitted(
  lines: readonly DifferenceLine[],
  marks: CaptureDifference['marks'],
  room: number,
): CaptureDifference {
  let left = room;
  const fits = (element: object): boolean => {
    left -= Buffer.byteLength(JSON.stringify(element)) + 1;
    return left >= 0;
  };
  const shownMarks = marks.map(({ code, text }) => ({ code, text: asText(text, LONGEST_TEXT) })).filter(fits);
  left = Math.max(left, 0);
  const shownLines = lines
    .map(({ what, old, new: now }) => ({ what: short(what), old: short(old), new: short(now) }))
    .filter(fits);
  const omitted = marks.length - shownMarks.length + lines.length - shownLines.length;
  return { lines: shownLines, marks: shownMarks, ...(omitted > 0 ? { omitted } : {}) };
}

function short<Text extends string | null>(text: Text): Text extends string ? string : string | null;
function short(text: string | null): string | null {
  return text === null ? null : asText(text, LONGEST_TEXT);
}

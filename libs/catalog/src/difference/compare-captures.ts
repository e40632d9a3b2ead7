import { asText } from '#kernel';
import { BlobStoreError, type BlobReader } from '#blob-store/port';
import { parseManifest } from '../manifest/parse-manifest.js';
import { factsOf, type SnapFacts } from './facts.js';
import { bothReadable, marksOf } from './marks.js';

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
  /** How many lines and marks there was no room for, or not for all of them; absent for none. */
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

function linesOf(before: SnapFacts | undefined, after: SnapFacts): DifferenceLine[] {
  const none = new Map<string, string>();
  return [
    ...between(before?.said ?? none, after.said),
    ...(bothReadable(before, after) ? between(before?.yaml ?? none, after.yaml ?? none) : []),
    ...packageLines(before, after),
  ];
}

/** How many there are, and each that came, went or changed: where only one has a list, none of them is known to have. */
function packageLines(before: SnapFacts | undefined, after: SnapFacts): DifferenceLine[] {
  const [old, now] = [before?.packages ?? null, after.packages];
  const count = (packages: ReadonlyMap<string, string> | null): string | null =>
    packages && `${packages.size}`;
  const line = { what: 'packages', old: count(old), new: count(now) };
  if (!old || !now) return line.old === line.new ? [] : [line];
  const changed = between(old, now).map(({ what, ...versions }) => ({
    what: `package ${what}`,
    ...versions,
  }));
  return line.old === line.new ? changed : [line, ...changed];
}

function between(said: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): DifferenceLine[] {
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
  let omitted = 0;
  const fits = (element: object): boolean => {
    left -= Buffer.byteLength(JSON.stringify(element)) + 1;
    if (left < 0) omitted++;
    return left >= 0;
  };
  const count = (isCut: boolean): void => {
    if (isCut) omitted++;
  };
  const shownMarks = marks
    .map(({ code, text }) => ({ code, text: asText(text, LONGEST_TEXT), isCut: text.length > LONGEST_TEXT }))
    .flatMap(({ isCut, ...mark }) => {
      if (!fits(mark)) return [];
      count(isCut);
      return [mark];
    });
  left = Math.max(left, 0);
  const shownLines = lines.flatMap((line) => {
    const cut = cutLine(line);
    if (!fits(cut)) return [];
    count(cut.what !== line.what || cut.old !== line.old || cut.new !== line.new);
    return [cut];
  });
  return { lines: shownLines, marks: shownMarks, ...(omitted > 0 ? { omitted } : {}) };
}

/** Of what stays in sight before the first difference. */
const BEFORE_DIFFERENCE = 60;

/** Long texts are cut around their first difference: what is the same in both would hide it. */
function cutLine({ what, old, new: now }: DifferenceLine): DifferenceLine {
  const longest = Math.max(old?.length ?? 0, now?.length ?? 0);
  const first = old === null || now === null ? 0 : firstDifference(old, now);
  const from = longest <= LONGEST_TEXT ? 0 : Math.max(0, first - BEFORE_DIFFERENCE);
  return { what: asText(what, LONGEST_TEXT), old: cutFrom(from, old), new: cutFrom(from, now) };
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function cutFrom(from: number, text: string | null): string | null {
  if (text === null) return null;
  return asText(from === 0 ? text : `…${text.slice(from)}`, LONGEST_TEXT);
}

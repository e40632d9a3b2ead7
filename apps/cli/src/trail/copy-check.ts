import { createHash } from 'node:crypto';
import { sha256Hex } from '#kernel';
import { CompactTree, hashLeaf } from '#tlog';
import { CliError } from '../cli-error.js';
import { IntegrityError } from '../verify/integrity-error.js';
import type { ShownEvent } from './columns.js';

/** A row of a copy, checked. */
export interface CopiedRow {
  /** As it came, with its line break. */
  readonly line: Buffer;
  readonly shown: ShownEvent;
  /** Of the event, in hex, as the row says it. */
  readonly sha256: string;
  /** The ledger's hash of it, in hex. */
  readonly leaf: string;
  /** The event's exact bytes. */
  readonly bytes: Buffer;
}

/** What a copy turned out to be, once its last line was read. */
export interface CopyEnd {
  readonly line: Buffer;
  /** Events. */
  readonly count: string;
  /** Of the tree that they are the leaves of, base64; null of a part of the record. */
  readonly root: string | null;
}

const ROW = /^\{"position":"(\d{1,19})","sha256":"([0-9a-f]{64})","leaf":"([0-9a-f]{64})","event":/;
/** An event has at most 65,535 bytes. */
const LONGEST_LINE = 70_000;
const END = Buffer.from('{"end":true');
const LINE_BREAK = 0x0a;

/**
 * Reads a copy of the record as control sends it, line by line, and checks it: each event against its digests, the order, the count, and every byte against
 * the last line. Holds one line at a time.
 */
export class CopyCheck {
  private readonly digest = createHash('sha256');
  private readonly tree = CompactTree.empty();
  private last = -1n;
  private found: CopyEnd | undefined;

  /** @throws CliError `copy-incomplete` before all rows were read */
  get end(): CopyEnd {
    if (this.found) return this.found;
    throw new CliError(
      'copy-incomplete',
      `the copy breaks off after ${this.tree.size} events: its last line did not come. Nothing was kept; ask again`,
    );
  }

  /** @throws IntegrityError `copy-differs`; CliError `copy-incomplete`, and what `chunks` throws */
  async *rows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CopiedRow> {
    for await (const line of linesOf(chunks)) {
      if (this.found) throw differs(this.last, 'more follows after the last line');
      if (line.subarray(0, END.length).equals(END)) this.found = this.ended(line);
      else yield this.row(line);
    }
    void this.end;
  }

  private row(line: Buffer): CopiedRow {
    const head = ROW.exec(line.toString('latin1', 0, 300));
    const [start = '', position = '', sha256 = '', leaf = ''] = head ?? [];
    if (!head || line.at(-2) !== 0x7d) throw differs(this.last + 1n, 'a line is none of a copy');
    const bytes = line.subarray(start.length, -2);
    const at = BigInt(position);
    const hash = hashLeaf(bytes);
    if (at <= this.last) throw differs(at, `it stands behind position ${this.last}`);
    if (sha256Hex(bytes) !== sha256 || hash.toString('hex') !== leaf)
      throw differs(at, 'its bytes are not those that its digests are of');
    this.digest.update(line);
    this.tree.append(hash);
    this.last = at;
    return { line, shown: shownOf(bytes, position), sha256, leaf, bytes };
  }

  private ended(line: Buffer): CopyEnd {
    const said = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
    const { count, root, sha256 } = said;
    if (count !== String(this.tree.size))
      throw differs(this.last, `its last line tells of ${String(count)} events, and ${this.tree.size} came`);
    if (sha256 !== this.digest.digest('hex'))
      throw differs(this.last, 'its last line is of other bytes than came');
    const whole = this.last === this.tree.size - 1n;
    if (root !== null && (!whole || root !== this.tree.root().toString('base64')))
      throw differs(this.last, 'the root that it names is not that of its events');
    return { line, count, root: root === null ? null : String(root) };
  }
}

function shownOf(bytes: Buffer, position: string): ShownEvent {
  try {
    return { ...(JSON.parse(bytes.toString('utf8')) as ShownEvent), position };
  } catch (cause) {
    throw differs(BigInt(position), 'it is no JSON', cause);
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = rest.indexOf(LINE_BREAK); at >= 0; at = rest.indexOf(LINE_BREAK, from)) {
      yield rest.subarray(from, at + 1);
      from = at + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > LONGEST_LINE) throw new CliError('unexpected-answer', 'a line of the copy has no end');
  }
}

function differs(position: bigint, why: string, cause?: unknown): IntegrityError {
  return new IntegrityError(
    'copy-differs',
    `the copy is not what was recorded: at position ${position}, ${why}. Nothing was kept`,
    position < 0n ? undefined : position,
    { cause },
  );
}

import { bundlesFrom, CompactTree, hashLeaf, TileAuditor, type Checkpoint, type LogReader } from '#tlog';
import { ComparedRows, type DatabaseRow, type Difference } from '../compared-rows.js';
import type { Findings } from './findings.js';
import { findingOf, type Place } from './places.js';

export interface WalkedParts {
  /** The event store's events from a position on, in order. */
  readonly stored: (from: bigint) => AsyncIterable<DatabaseRow>;
  /** The store gives no positions: where one event is missing all that follow differ, and the first is told. */
  readonly counted: boolean;
  /** Awaited after each bundle of at most 256 entries: how fast it goes. What it throws ends the verification. */
  readonly pace: () => Promise<void>;
}

/** A state that was verified before, by this process or by an earlier one. */
export type KnownState = Pick<Checkpoint, 'size' | 'root'>;

/** How far an earlier look has come. The auditor and the tree go on from there. */
export interface Reached extends KnownState {
  readonly tree: CompactTree;
  readonly tiles: TileAuditor;
  readonly second: KnownState;
}

/** What is read of two places at one moment. */
export interface Sealed {
  readonly first: Checkpoint;
  readonly second: Place;
}

/** One look at the entries between what was reached before and the checkpoint. */
export class Walk {
  private readonly tree: CompactTree;
  private readonly tiles: TileAuditor;
  private readonly from: bigint;
  private readonly secondSealed: Checkpoint | undefined;
  /** The root at the second place's size, where the walk came by it. */
  private secondRoot: Buffer | undefined;

  constructor(
    private readonly reader: LogReader,
    private readonly sealed: Sealed,
    private readonly reached: Reached | undefined,
    private readonly known: KnownState | undefined,
    private readonly findings: Findings,
  ) {
    this.tree = reached?.tree ?? CompactTree.empty();
    this.tiles = reached?.tiles ?? new TileAuditor(reader);
    this.from = this.tree.size;
    this.secondSealed = sealed.second.kind === 'sealed' ? sealed.second.checkpoint : undefined;
  }

  /** @returns whether every entry could be read */
  async through({ stored, counted, pace }: WalkedParts): Promise<boolean> {
    const { size } = this.sealed.first;
    const shortest = this.known?.size ?? 0n;
    if (size < shortest) {
      const says = `the ledger has ${size} entries, and had ${shortest}: it was rolled back`;
      this.findings.add({ check: 'checkpoint', kind: 'rolled-back', position: String(size), says });
      return false;
    }
    let differing = 0;
    const rows = new ComparedRows(stored(this.from), (difference) => {
      if (!counted || differing === 0) this.differs(difference);
      differing += 1;
    });
    try {
      this.look();
      for await (const bundle of bundlesFrom(this.reader, this.from, size)) {
        for (const entry of bundle) await this.take(entry, rows);
        await pace();
      }
      await this.tiles.finish();
      return true;
    } catch (error) {
      this.findings.add(findingOf('ledger', error));
      return false;
    } finally {
      await rows.close();
    }
  }

  /** @returns where the next look begins */
  judge(): Reached | undefined {
    const { first } = this.sealed;
    const root = this.tree.root();
    const { difference } = this.tiles;
    if (difference) this.findings.add(findingOf('ledger', difference));
    if (!root.equals(first.root)) {
      const says = `the entries do not lead to the signed root of ${first.size} entries`;
      this.findings.add({ check: 'ledger', kind: 'root-differs', says });
    }
    this.judgeSecond();
    if (!this.secondSealed) return undefined;
    const { size } = first;
    return { tree: this.tree, tiles: this.tiles, size, root, second: this.secondSealed };
  }

  private async take(entry: Buffer, rows: ComparedRows): Promise<void> {
    await rows.compare(this.tree.size, entry);
    const hash = hashLeaf(entry);
    this.tree.append(hash);
    await this.tiles.add(hash);
    this.look();
  }

  /** At each size that the walk comes by: whether another state of that size is the same. */
  private look(): void {
    const { size } = this.tree;
    if (size === this.secondSealed?.size) this.secondRoot = this.tree.root();
    if (size !== this.known?.size || this.tree.root().equals(this.known.root)) return;
    const says = `the first ${size} entries are not those that were verified before: the ledger was written anew`;
    this.findings.add({ check: 'ledger', kind: 'rewritten', says });
  }

  private differs({ position, kind }: Difference): void {
    const what = {
      differs: 'is not the one that was sealed',
      missing: 'was sealed, and is not in the event store',
      extra: 'stands in the event store where nothing was sealed',
      unsealed: 'is newer than the checkpoint',
    }[kind];
    this.findings.add({
      check: 'events',
      kind,
      position: String(position),
      says: `the event at position ${position} ${what}`,
    });
  }

  /** One seal behind is what a crash between the two leaves; more is a place that does not take what it should, or was put back. */
  private judgeSecond(): void {
    const second = this.secondSealed;
    if (!second) return;
    const { first } = this.sealed;
    const tell = (kind: string, says: string): void =>
      this.findings.add({ check: 'second-place', kind, position: String(second.size), says });
    if (second.size > first.size) {
      tell(
        'ahead',
        `the second place knows ${second.size} entries, the ledger ${first.size}: it was rolled back`,
      );
      return;
    }
    const expected = second.size === first.size ? first.root : this.secondRoot;
    // Entries that do not lead to the first place's root say nothing of the second's.
    if (expected !== first.root && !this.tree.root().equals(first.root)) return;
    if (expected) {
      if (!expected.equals(second.root))
        tell('differs', `the second place seals another history of ${second.size} entries than the ledger`);
      return;
    }
    // It is behind what an earlier look has reached, which knew what it said then.
    const { reached } = this;
    if (reached?.second.size !== second.size || !reached.second.root.equals(second.root))
      tell(
        'rolled-back',
        `the second place is back at ${second.size} entries, and another state of it was verified`,
      );
    else if (first.size > reached.size)
      tell(
        'behind',
        `the second place stays at ${second.size} entries, while the ledger goes on to ${first.size}`,
      );
  }
}

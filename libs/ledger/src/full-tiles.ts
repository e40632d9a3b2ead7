import path from 'node:path';
import { splitTile, tilePath, TILE_WIDTH } from '#tlog';
import { LedgerError } from './errors.js';
import { readIfThere } from './filesystem-log-reader.js';

/** Tiles read lately, by path. A replay walks them in order; a root needs one for each level. */
const CACHED = 32;

/** The full tiles in a ledger's folder: they never change. */
export class FullTiles {
  private readonly cached = new Map<string, Buffer[]>();

  constructor(private readonly folder: string) {}

  /** @throws LedgerError `ledger-damaged` when it isn't there, or isn't a full tile */
  hashes(level: number, index: bigint): Buffer[] {
    const name = tilePath(level, index);
    const hashes = this.cached.get(name) ?? this.read(name);
    this.cached.delete(name);
    this.cached.set(name, hashes);
    const oldest = this.cached.keys().next().value;
    if (this.cached.size > CACHED && oldest !== undefined) this.cached.delete(oldest);
    return hashes;
  }

  private read(name: string): Buffer[] {
    const bytes = readIfThere(path.join(this.folder, name));
    if (!bytes) throw new LedgerError('ledger-damaged', `the ledger's folder lacks ${name}`);
    try {
      return splitTile(bytes, TILE_WIDTH, name);
    } catch (cause) {
      throw new LedgerError('ledger-damaged', `the ledger's ${name} is no tile`, undefined, { cause });
    }
  }
}

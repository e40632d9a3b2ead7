import path from 'node:path';
import {
  CompactTree,
  formatCheckpoint,
  noteVerifier,
  openCheckpoint,
  signNote,
  type Checkpoint,
  type NoteSigner,
} from '#tlog';
import { LedgerError } from './errors.js';
import { readIfThere } from './filesystem-log-reader.js';
import type { Staging } from './staging.js';

const CHECKPOINT = 'checkpoint';

export interface PlaceOnDisk {
  readonly folder: string;
  readonly staging: Staging;
}

class Place {
  readonly file: string;
  /** What this process read or wrote last; what is found must be this. */
  note: string | undefined;
  /** What the note says, once its signature was verified. */
  opened: { readonly note: string; readonly checkpoint: Checkpoint } | undefined;

  constructor(
    folder: string,
    readonly staging: Staging,
  ) {
    this.file = path.join(folder, CHECKPOINT);
    this.note = this.found;
  }

  get found(): string | undefined {
    return readIfThere(this.file)?.toString('utf8');
  }

  async write(note: string): Promise<void> {
    await this.staging.write(new Map([[CHECKPOINT, note]]));
    this.note = note;
  }
}

/**
 * The last signed checkpoint, kept twice: beside the tiles, and in a second place, better on another disk. Whoever brings back an old copy
 * of one is found out by the other. The second is written after the first, so a crash between the two leaves it behind by one seal;
 * that is the only way in which they may differ.
 */
export class CheckpointPlaces {
  private constructor(
    private readonly signer: NoteSigner,
    private readonly first: Place,
    private readonly second: Place,
  ) {}

  /** Opens both places; signs the empty log where there is none yet. @throws LedgerError `checkpoints-disagree` */
  static async open(one: PlaceOnDisk, other: PlaceOnDisk, signer: NoteSigner): Promise<CheckpointPlaces> {
    const places = new CheckpointPlaces(
      signer,
      new Place(one.folder, one.staging),
      new Place(other.folder, other.staging),
    );
    const { first, second } = places;
    const lost = second.note === undefined ? undefined : places.opened(second).size;
    if (first.note === undefined && (lost ?? 0n) === 0n) {
      const empty = signNote(formatCheckpoint(emptyLog(signer.name)), [signer]);
      // The second place first: from now on, its absence is a loss and not a beginning.
      await second.write(empty);
      await first.write(empty);
    }
    if (first.note === undefined)
      throw disagree(`${first.file} is missing, while ${second.file} is of ${lost} entries`);
    if (second.note === undefined)
      throw disagree(`${second.file} is missing; if it was lost, copy ${first.file} there`);
    return places;
  }

  /** What is sealed. */
  get sealed(): Checkpoint {
    return this.opened(this.first);
  }

  /**
   * Brings the second place up to the first after a crash between the two.
   * @param rootOf the root that the sealed log has at a smaller size
   * @throws LedgerError `checkpoints-disagree` unless the second is an earlier moment of the same history
   */
  async reconcile(rootOf: (size: bigint) => Buffer): Promise<void> {
    const [newer, older] = [this.sealed, this.opened(this.second)];
    if (older.size > newer.size) {
      throw disagree(
        `${this.second.file} is of ${older.size} entries, ${this.first.file} of ${newer.size}: the ledger was rolled back`,
      );
    }
    if (!rootOf(older.size).equals(older.root)) {
      throw disagree(`${this.second.file} is not of the history that ${this.first.file} seals`);
    }
    if (this.first.note !== undefined && this.first.note !== this.second.note)
      await this.second.write(this.first.note);
  }

  /**
   * Before tiles are written, and once more before signing.
   * @throws LedgerError `checkpoints-disagree` when somebody else changed either place since this process read or wrote it; `fenced-out`
   * when that was who took over
   */
  async refuseIfChanged(): Promise<void> {
    for (const place of [this.first, this.second]) {
      if (place.found === place.note) continue;
      await place.staging.refuseIfShutOut();
      throw disagree(`${place.file} was changed by somebody else`);
    }
  }

  /** Compare and swap. @throws LedgerError `checkpoints-disagree`, `fenced-out` */
  async replace(size: bigint, root: Buffer): Promise<void> {
    await this.refuseIfChanged();
    const note = signNote(formatCheckpoint({ origin: this.signer.name, size, root }), [this.signer]);
    await this.first.write(note);
    await this.second.write(note);
  }

  /**
   * Writes the second place when its last writing failed, on a full disk say: nothing goes on that is sealed in one place alone.
   * @throws LedgerError `checkpoints-disagree`
   */
  async level(): Promise<void> {
    const { note } = this.first;
    if (note === undefined || note === this.second.note) return;
    await this.refuseIfChanged();
    await this.second.write(note);
  }

  private opened(place: Place): Checkpoint {
    const { note = '' } = place;
    if (place.opened?.note !== note) place.opened = { note, checkpoint: this.verified(place.file, note) };
    return place.opened.checkpoint;
  }

  private verified(file: string, note: string): Checkpoint {
    try {
      return openCheckpoint(note, [noteVerifier(this.signer.vkey)]);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new LedgerError(
        'checkpoints-disagree',
        `${file} is not a checkpoint of ${this.signer.name}: ${why}`,
        undefined,
        { cause },
      );
    }
  }
}

function emptyLog(origin: string): Checkpoint {
  return { origin, size: 0n, root: CompactTree.empty().root() };
}

function disagree(why: string): LedgerError {
  return new LedgerError(
    'checkpoints-disagree',
    `the ledger's two kept checkpoints disagree: ${why}. Nothing is signed until a person has looked`,
  );
}

import { rm } from 'node:fs/promises';

/** What copies are of: the folder in the cache folder that they are in. */
export type CacheFolder = 'artefacts' | 'kept' | 'assertions' | 'answers';

export interface CachedFile {
  readonly folder: CacheFolder;
  /** What it was announced or found to have. */
  readonly bytes: number;
}

/** A file that an earlier process left. */
export interface FoundFile extends CachedFile {
  /** Milliseconds since the epoch. */
  readonly usedAt: number;
}

export interface CacheSpaceEvents {
  /** A copy was removed to make room. */
  evicted(folder: CacheFolder): void;
  /** One should have been, and the disk did not do it. It is tried again when room is made the next time. */
  notEvicted(path: string, error: unknown): void;
}

/** Room for a file that is on its way. */
export interface Reservation {
  /** It is there now, and may be evicted like others. */
  filled(): void;
  /** It will not come. */
  dropped(): void;
}

/** What a small file takes on a disk, whatever is in it: without it a bound on bytes would be none on files. */
const BLOCK_BYTES = 4096;

/**
 * Keeps copies on our disk within a limit: the least recently used go first, those that the policy holds only when they alone are too much. Nothing goes
 * that is being filled or sent (a removed file changes its fingerprint, and who sends it would have to break off), so transfers under way may
 * exceed the limit until they end. What is larger than the whole limit does not count against the others, and goes when nobody uses it any more.
 */
export class CacheSpace {
  /** The least recently used first. */
  private files = new Map<string, FoundFile>();
  private readonly users = new Map<string, number>();
  private readonly removals = new Map<string, Promise<void>>();
  private held: ReadonlySet<string> = new Set();
  /** Bytes that count against the limit: of what is here, and of what is on its way. */
  private counted = 0;
  /** Files that are larger than the limit. */
  private beyond = 0;
  private lastUse = 0;

  /**
   * @param limit in bytes
   * @param now milliseconds since the epoch
   */
  constructor(
    readonly limit: number,
    private readonly events: CacheSpaceEvents,
    private readonly now: () => number = Date.now,
  ) {}

  /** All that is here, by path. */
  get all(): ReadonlyMap<string, FoundFile> {
    return this.files;
  }

  has(path: string): boolean {
    return this.files.has(path);
  }

  /** What earlier processes left. */
  found(files: ReadonlyMap<string, FoundFile>): void {
    for (const [path, file] of files) this.put(path, { ...file, bytes: bytesOnDisk(file.bytes) });
    this.files = new Map([...this.files].sort(([, a], [, b]) => a.usedAt - b.usedAt));
    for (const { usedAt } of this.files.values()) this.lastUse = Math.max(this.lastUse, usedAt);
    this.makeRoom();
  }

  /** Written in one go. */
  written(path: string, file: CachedFile): void {
    this.enter(path, file);
    this.makeRoom();
  }

  /** Somebody took what it holds. One that nobody told of, since it was put there past us, counts from now on. */
  used(path: string, file: CachedFile): void {
    this.enter(path, this.files.get(path) ?? file);
  }

  /** It is not there any more, or not what it was. */
  gone(path: string): void {
    const file = this.files.get(path);
    if (!file) return;
    this.files.delete(path);
    if (file.bytes > this.limit) this.beyond--;
    else this.counted -= file.bytes;
  }

  /** Makes room for a file that is on its way. It is kept while it is: from now on, so that nothing removes it by its name. */
  reserve(path: string, file: CachedFile): Reservation {
    this.gone(path);
    const bytes = bytesOnDisk(file.bytes);
    const counts = bytes > this.limit ? 0 : bytes;
    this.counted += counts;
    const letGo = this.use(path);
    this.makeRoom();
    return {
      filled: () => {
        this.counted -= counts;
        this.enter(path, file);
        letGo();
      },
      dropped: () => {
        this.counted -= counts;
        letGo();
      },
    };
  }

  /** From when it resolves until the function is called the file is not evicted. It may not be there at all. */
  async keep(path: string): Promise<() => void> {
    for (let removal; (removal = this.removals.get(path));) await removal;
    return this.use(path);
  }

  /** These go last. */
  hold(paths: ReadonlySet<string>): void {
    this.held = paths;
  }

  /** Waits for what is being removed. */
  async settled(): Promise<void> {
    await Promise.all(this.removals.values());
  }

  /** Removes what is too much: what is larger than everything, then what was not used for longest, then what is held. */
  private makeRoom(): void {
    if (this.beyond > 0)
      this.evict(
        ({ bytes }) => bytes > this.limit,
        () => true,
      );
    const tooMuch = (): boolean => this.counted > this.limit;
    if (tooMuch()) this.evict((_, path) => !this.held.has(path), tooMuch);
    // What is held gives way to what is held only: a transfer of something else exceeds the limit until it ends.
    if (tooMuch())
      this.evict(
        (_, path) => this.held.has(path),
        () => this.heldBytes() > this.limit,
      );
  }

  private heldBytes(): number {
    const sizes = [...this.held].map((path) => this.files.get(path)?.bytes ?? 0);
    return sizes.reduce((sum, bytes) => (bytes > this.limit ? sum : sum + bytes), 0);
  }

  private evict(which: (file: FoundFile, path: string) => boolean, going: () => boolean): void {
    for (const [path, file] of this.files) {
      if (this.users.has(path) || !which(file, path)) continue;
      if (!going()) return;
      this.remove(path, file);
    }
  }

  private remove(path: string, file: FoundFile): void {
    this.gone(path);
    const removal = rm(path, { force: true })
      .then(
        () => this.events.evicted(file.folder),
        (error: unknown) => {
          // It is there still. As the last in order, so that what can be removed is.
          this.put(path, file);
          this.events.notEvicted(path, error);
        },
      )
      .finally(() => this.removals.delete(path));
    this.removals.set(path, removal);
  }

  private enter(path: string, { folder, bytes }: CachedFile): void {
    this.put(path, { folder, bytes: bytesOnDisk(bytes), usedAt: this.tick() });
  }

  private put(path: string, file: FoundFile): void {
    this.gone(path);
    this.files.set(path, file);
    if (file.bytes > this.limit) this.beyond++;
    else this.counted += file.bytes;
  }

  private use(path: string): () => void {
    this.users.set(path, (this.users.get(path) ?? 0) + 1);
    let using = true;
    return () => {
      if (!using) return;
      using = false;
      const others = (this.users.get(path) ?? 1) - 1;
      if (others > 0) return void this.users.set(path, others);
      this.users.delete(path);
      this.makeRoom();
    };
  }

  /** Later than every use before, also when the clock was set back. */
  private tick(): number {
    this.lastUse = Math.max(this.now(), this.lastUse + 1);
    return this.lastUse;
  }
}

/** What a file of so many bytes takes. */
export function bytesOnDisk(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Bytes of one picture: the store's icons have at most 256 KiB, screenshots a few megabytes. */
export const MOST_PICTURE_BYTES = 4 * 1024 * 1024;
const MOST_BYTES = 32 * 1024 * 1024;
/** Of one that is empty too: their number is bounded as well. */
const OVERHEAD = 1024;
const GOOD_FOR_MS = 60 * 60 * 1000;

export interface Picture {
  readonly type: string;
  readonly bytes: Buffer;
}

interface Shelved {
  readonly picture: Promise<Picture>;
  readonly until: number;
  size: number;
}

/** Pictures in memory, for an hour: a fleet that installs one snap asks upstream for its icon once. */
export class PictureShelf {
  private readonly shelved = new Map<string, Shelved>();
  private bytes = 0;

  /** @param fetch of upstream's address; what it throws is not kept */
  constructor(private readonly fetch: (url: string) => Promise<Picture>) {}

  /** @param now milliseconds since the epoch */
  async get(url: string, now: number): Promise<Picture> {
    const known = this.shelved.get(url);
    if (known && now < known.until) return await known.picture;
    if (known) this.drop(url, known);
    const shelved: Shelved = { picture: this.fetch(url), until: now + GOOD_FOR_MS, size: 0 };
    this.shelved.set(url, shelved);
    try {
      const picture = await shelved.picture;
      this.weigh(url, shelved, picture.bytes.length + OVERHEAD);
      return picture;
    } catch (error) {
      this.drop(url, shelved);
      throw error;
    }
  }

  private weigh(url: string, shelved: Shelved, size: number): void {
    if (this.shelved.get(url) !== shelved) return;
    shelved.size = size;
    this.bytes += size;
    for (const [oldest, each] of this.shelved) {
      if (this.bytes <= MOST_BYTES) return;
      if (each !== shelved && each.size > 0) this.drop(oldest, each);
    }
  }

  private drop(url: string, shelved: Shelved): void {
    if (this.shelved.get(url) !== shelved) return;
    this.shelved.delete(url);
    this.bytes -= shelved.size;
  }
}

import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, sha256Hex, within } from '#kernel';
import { parseManifest, type SnapCaptureManifest } from '#catalog/published';
import type { PolicyEntry } from '#release-control/published';
import { BlobStoreError, type BlobReader } from '#blob-store/port';
import { isMissing } from '../downloads/file-fingerprint.js';

/** Told when an entry's manifest is missing, damaged, or of something else than the entry. */
export type ManifestUnusable = (entry: PolicyEntry, message: string) => void;

/** Told when a manifest could not be copied to local disk. It is obeyed all the same, and copied late. */
export type ManifestNotCopied = (error: unknown) => void;

/** So many copies stay that no policy in force names: some megabytes. */
const OTHERS = 1_000;

/** A policy does not wait longer for a manifest: what it withdraws must not wait for a bucket that is silent. */
const ANSWER_WITHIN_MS = 3_000;
/** Reading goes on meanwhile, for who asks again. */
const READ_WITHIN_MS = 10_000;

/**
 * The capture manifests that policies name. Each is copied to local disk when first seen, so that a restart needs nothing else, and its digest
 * is checked whenever it is read: what a policy names is what is obeyed, wherever the bytes came from.
 */
export class ManifestShelf {
  /** By digest. Promises, since the targets of one revision share a manifest and are looked up side by side. */
  private readonly read = new Map<string, Promise<SnapCaptureManifest>>();
  /** What was told last of an entry: a missing manifest is looked for again and again. */
  private readonly told = new Map<string, string>();
  private readonly uncopied = new Map<string, Uint8Array>();

  constructor(
    private readonly folder: string,
    private readonly kept: BlobReader,
    private readonly unusable: ManifestUnusable,
    private readonly notCopied: ManifestNotCopied,
  ) {}

  /** @returns undefined when it can't be used; asking again later may help */
  async manifestOf(entry: PolicyEntry): Promise<SnapCaptureManifest | undefined> {
    try {
      const manifest = await within(ANSWER_WITHIN_MS, () => this.once(entry.manifest), silent);
      const other = difference(entry, manifest);
      if (other === undefined) {
        this.told.delete(keyOf(entry));
        return manifest;
      }
      this.tell(entry, `the manifest is of another ${other}`);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      this.tell(entry, error.message);
    }
    return undefined;
  }

  /** Copies what could not be copied before, as far as it can be now. */
  async copyLate(): Promise<void> {
    for (const [digest, bytes] of this.uncopied) {
      try {
        await this.copy(digest, bytes);
        this.uncopied.delete(digest);
      } catch {
        // It was told when it first failed; the next one has no better luck.
        return;
      }
    }
  }

  /**
   * Removes copies that no policy in force names any more, but for the newest: an older policy may be taken up again. What goes is read from the
   * kept blobs when it is named again.
   * @param inForce digests
   * @throws what the disk failed with
   */
  async keepOnly(inForce: ReadonlySet<string>): Promise<void> {
    for (const digest of [...this.read.keys(), ...this.uncopied.keys()]) {
      if (inForce.has(digest)) continue;
      this.read.delete(digest);
      this.uncopied.delete(digest);
    }
    for (const key of this.told.keys())
      if (!inForce.has(key.slice(0, key.indexOf(' ')))) this.told.delete(key);
    const others = (await namesIn(this.folder)).filter(
      (name) => !inForce.has(name.replace(/\.json(\.new)?$/, '')),
    );
    if (others.length <= OTHERS) return;
    const aged = await Promise.all(
      others.map(async (name) => ({ name, at: (await stat(join(this.folder, name))).mtimeMs })),
    );
    const old = aged.sort((a, b) => b.at - a.at).slice(OTHERS);
    for (const { name } of old) await rm(join(this.folder, name), { recursive: true, force: true });
  }

  private tell(entry: PolicyEntry, message: string): void {
    if (this.told.get(keyOf(entry)) === message) return;
    this.told.set(keyOf(entry), message);
    this.unusable(entry, message);
  }

  private once(digest: string): Promise<SnapCaptureManifest> {
    const known = this.read.get(digest);
    if (known) return known;
    const reading = this.fetch(digest);
    this.read.set(digest, reading);
    reading.catch(() => this.read.delete(digest));
    return reading;
  }

  private async fetch(digest: string): Promise<SnapCaptureManifest> {
    const local = await this.local(digest);
    if (local) return parseManifest(local);
    const bytes = await this.kept.read(digest, AbortSignal.timeout(READ_WITHIN_MS));
    const manifest = parseManifest(bytes);
    await this.tryCopy(digest, bytes);
    return manifest;
  }

  /** A full disk must not keep a decision from the devices. */
  private async tryCopy(digest: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.copy(digest, bytes);
    } catch (error) {
      this.uncopied.set(digest, bytes);
      this.notCopied(error);
    }
  }

  /** A local copy that was edited, or can't be read, is as good as none. */
  private async local(digest: string): Promise<Uint8Array | undefined> {
    try {
      const bytes = await readFile(this.path(digest));
      return sha256Hex(bytes) === digest ? bytes : undefined;
    } catch {
      return undefined;
    }
  }

  private async copy(digest: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const temporary = `${this.path(digest)}.new`;
    const file = await open(temporary, 'w', 0o640);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.path(digest));
  }

  private path(digest: string): string {
    return join(this.folder, `${digest}.json`);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The targets of one revision are told of once. */
function keyOf({ manifest, subject, version }: PolicyEntry): string {
  return [manifest, subject, version].join(' ');
}

function silent(): BlobStoreError {
  return new BlobStoreError('unavailable', 'the kept blobs are silent; it is read again');
}

/** The signature covers entry and manifest digest together, so a difference is our own mistake: still nothing to hand out. */
function difference(entry: PolicyEntry, manifest: SnapCaptureManifest): string | undefined {
  if (manifest.format !== entry.format) return 'format';
  if (manifest.subject !== entry.subject) return 'subject';
  return manifest.version === entry.version ? undefined : 'version';
}

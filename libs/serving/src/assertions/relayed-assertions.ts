import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, sha256Hex } from '#kernel';
import { isAssertionType, parseAssertion } from '#snap';
import { isMissing } from '../downloads/file-fingerprint.js';
import type { AssertionQuery } from './assertion-request.js';

/**
 * Upstream's assertions as we last saw them, for when it is gone. The bytes are kept as they came; a file is used only when its own digest
 * holds and it is what was asked for. Whether it is true is the signature's business, which every device checks.
 */
export class RelayedAssertions {
  constructor(private readonly folder: string) {}

  async find(query: AssertionQuery): Promise<Uint8Array | undefined> {
    let file: Buffer;
    try {
      file = await readFile(this.path(query));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    const bytes = file.subarray(DIGEST_LENGTH + 1);
    const intact = file.subarray(0, DIGEST_LENGTH).toString('latin1') === sha256Hex(bytes);
    return intact && isWhatWasAsked(query, bytes) ? bytes : undefined;
  }

  async keep(query: AssertionQuery, bytes: Uint8Array): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const temporary = `${this.path(query)}.${process.pid}.${++temporaries}`;
    await writeFile(temporary, Buffer.concat([Buffer.from(`${sha256Hex(bytes)}\n`), bytes]), { mode: 0o640 });
    await rename(temporary, this.path(query));
  }

  private path(query: AssertionQuery): string {
    const name = JSON.stringify([
      query.type,
      query.primaryKey,
      query.maxFormat ?? null,
      query.sequence ?? null,
    ]);
    return join(this.folder, createHash('sha256').update(name).digest('hex'));
  }
}

const DIGEST_LENGTH = 64;
let temporaries = 0;

/** Upstream, or our own disk, may hand us something else; a device must not get it under this name. */
export function isWhatWasAsked(query: AssertionQuery, bytes: Uint8Array): boolean {
  if (!isAssertionType(query.type)) return true;
  try {
    const { type, primaryKey, format } = parseAssertion(bytes);
    const key = query.sequence === undefined ? primaryKey : primaryKey.slice(0, query.primaryKey.length);
    const understood = query.maxFormat === undefined || format <= query.maxFormat;
    return type === query.type && understood && key.join('/') === query.primaryKey.join('/');
  } catch (error) {
    if (error instanceof CodedError) return false;
    throw error;
  }
}

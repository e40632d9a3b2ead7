import { closeSync, fdatasync, openSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { canonicalJson, sha256Hex, type JsonObject } from '#kernel';
import { NO_BATCH } from '../domain/deliveries/deliveries.js';
import type { NodeKey } from '../message.js';
import type { Spool } from '../spool/spool.js';
import type { ControlClient } from './control-client.js';
import type { NodeIdentity } from './node-folder.js';

const datasync = promisify(fdatasync);

/** How far a node is: in `handed-over.json`, written before a batch is sent for the first time and after it was taken. */
interface HandedOver {
  readonly node: string;
  /** Of the last one that control has taken; 0 before the first. */
  readonly batch: number;
  readonly digest: string;
  /** The segment that was the last batch; 0 for none. */
  readonly segment: number;
  /** The batch that was sent, and whose answer is not known. */
  readonly sent: { readonly segment: number; readonly at: string } | null;
}

/**
 * Hands segments over, oldest first, each as a batch. A batch is sent until control has taken it, the same bytes each time: control records it once. A
 * crash at any point repeats a batch, or a removal.
 */
export class HandOver {
  private state: HandedOver | undefined;

  constructor(
    private readonly folder: string,
    private readonly spool: Spool,
    private readonly control: ControlClient,
    /** Milliseconds since the epoch. */
    private readonly now: () => number,
  ) {}

  /**
   * One batch, if there is one.
   * @returns whether there may be more
   * @throws RefusedByControl; Error when control cannot be reached
   */
  async next({ node }: NodeIdentity, key: NodeKey, signal: AbortSignal): Promise<boolean> {
    const state = await this.load(node);
    const segment = await this.spool.oldest();
    if (!segment) return false;
    const records = segment.number <= state.segment ? Buffer.alloc(0) : await this.spool.read(segment.number);
    if (records.length === 0) {
      // Handed over before a crash, or nothing whole is in it.
      this.spool.remove(segment.number);
      return true;
    }
    const sent = await this.sent(state, segment.number);
    const batch = { kind: 'deliveries', node, batch: state.batch + 1, previous: state.digest, at: sent.at };
    const bytes = batchBytes(batch, records);
    const digest = sha256Hex(bytes);
    const { digest: taken } = await this.control.send(
      '/v1/node-deliveries',
      key.signCanonical(bytes),
      signal,
    );
    if (taken !== digest)
      throw new Error('control says that it has taken another batch than the one that was sent');
    await this.save({ node, batch: state.batch + 1, digest, segment: segment.number, sent: null });
    this.spool.remove(segment.number);
    return true;
  }

  /** A node that enrolled anew begins with its first batch; the segments are the same. */
  private async load(node: string): Promise<HandedOver> {
    this.state ??= await readState(stateFile(this.folder));
    if (this.state?.node !== node)
      this.state = { node, batch: 0, digest: NO_BATCH, segment: this.state?.segment ?? 0, sent: null };
    return this.state;
  }

  /** When a batch is made is a part of it: it is kept before it is sent. */
  private async sent(state: HandedOver, segment: number): Promise<{ readonly at: string }> {
    if (state.sent?.segment === segment) return state.sent;
    const sent = { segment, at: new Date(this.now()).toISOString() };
    await this.save({ ...state, sent });
    return sent;
  }

  /** As the spool writes (ADR 0015): only what waits for the disk is another thread's, which costs more to wake than all the rest. */
  private async save(state: HandedOver): Promise<void> {
    const file = stateFile(this.folder);
    const beside = `${file}.new`;
    const fd = openSync(beside, 'w', 0o600);
    try {
      writeFileSync(fd, JSON.stringify(state));
      await datasync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, file);
    this.state = state;
  }
}

/** The batch in its canonical form, of records that have theirs: neither read nor spelled again. `records` is the last of its members, in their order. */
function batchBytes(batch: JsonObject, records: Uint8Array): Buffer {
  const before = canonicalJson({ ...batch, records: [] }).slice(0, -']}'.length);
  return Buffer.concat([Buffer.from(before), records, Buffer.from(']}')]);
}

/** The last segment of this folder's spool that was handed over; 0 for none. */
export async function handedOverUntil(folder: string): Promise<number> {
  return (await readState(stateFile(folder)))?.segment ?? 0;
}

function stateFile(folder: string): string {
  return path.join(folder, 'handed-over.json');
}

async function readState(file: string): Promise<HandedOver | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as JsonObject & HandedOver;
  if (!Number.isSafeInteger(state.batch) || typeof state.digest !== 'string')
    throw new Error(`${file} does not say how far this node is: enrol it anew`);
  return state;
}

import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { nodeKey, type NodeKey } from '../message.js';

/** As which node a proxy has enrolled, and what it must obey. */
export interface NodeIdentity {
  readonly node: string;
  readonly origin: string;
  /** A C2SP vkey. */
  readonly policyKey: string;
}

/**
 * Where a proxy keeps its own key, as which node it has enrolled, and its spool. Never to be copied to another machine, nor put back from a backup:
 * two proxies with one key are a fork.
 */
export class NodeFolder {
  constructor(readonly folder: string) {}

  spool(): string {
    return path.join(this.folder, 'spool');
  }

  /**
   * The key; made at the first time, for our own account only, and written whole or not at all.
   * @throws Error when the file is no key
   */
  key(): Promise<NodeKey> {
    return this.keyIn(this.keyFile());
  }

  /** The one that is to replace it, made at the first time. It stays until {@link useNextKey}: control may have taken it, and the answer been lost. */
  nextKey(): Promise<NodeKey> {
    return this.keyIn(this.nextKeyFile());
  }

  async hasNextKey(): Promise<boolean> {
    return (await textIn(this.nextKeyFile())) !== undefined;
  }

  /** Control has taken it. */
  async useNextKey(): Promise<void> {
    await rename(this.nextKeyFile(), this.keyFile());
  }

  private keyFile(): string {
    return path.join(this.folder, 'node.key');
  }

  private nextKeyFile(): string {
    return path.join(this.folder, 'node.key.next');
  }

  private async keyIn(file: string): Promise<NodeKey> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const kept = await textIn(file);
    if (kept !== undefined) {
      if (!/^[0-9a-f]{64}$/.test(kept)) throw new Error(`${file} is not a key of 32 bytes in hex`);
      return nodeKey(Buffer.from(kept, 'hex'));
    }
    const seed = randomBytes(32);
    const unfinished = await written(file, seed.toString('hex'));
    // Not over another one: whoever was faster has made the key.
    try {
      await link(unfinished, file);
    } finally {
      await rm(unfinished);
    }
    return nodeKey(seed);
  }

  /** Undefined before it has enrolled. @throws Error when the file is damaged */
  async identity(): Promise<NodeIdentity | undefined> {
    const file = path.join(this.folder, 'node.json');
    const text = await textIn(file);
    if (text === undefined) return undefined;
    const identity = parsed(text);
    if (identity === undefined) throw new Error(`${file} does not say which node this is: enrol anew`);
    return identity;
  }

  /** A next key from before goes first: a renewal as this node is to take none that others may know. */
  async enrolled(identity: NodeIdentity): Promise<void> {
    await rm(this.nextKeyFile(), { force: true });
    const file = path.join(this.folder, 'node.json');
    await rename(await written(file, JSON.stringify(identity)), file);
  }
}

function parsed(text: string): NodeIdentity | undefined {
  try {
    const { node, origin, policyKey } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (typeof node !== 'string' || typeof origin !== 'string' || typeof policyKey !== 'string')
      return undefined;
    return { node, origin, policyKey };
  } catch {
    return undefined;
  }
}

async function textIn(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @returns a file beside `file`, on the disk */
async function written(file: string, text: string): Promise<string> {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return unfinished;
}

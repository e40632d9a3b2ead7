import { SandboxError } from '../sandbox-error.js';

/** One thing that an image holds. Without `content` it is a directory; parents need not be listed. */
export interface ImageEntry {
  /** Relative, `/` between names: `meta/snap.yaml`. */
  readonly path: string;
  /** Permission bits; 0755 for directories and 0644 for files when absent. */
  readonly mode?: number;
  readonly content?: Uint8Array;
}

export interface FileNode {
  readonly kind: 'file';
  readonly number: number;
  readonly mode: number;
  readonly content: Uint8Array;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  readonly number: number;
  readonly mode: number;
  readonly children: ReadonlyMap<string, ImageNode>;
}

export type ImageNode = FileNode | DirectoryNode;

type Folder = Map<string, Folder | ImageEntry>;

/**
 * The entries as a tree, children in byte order of their names, inodes numbered from 1 (the root) in that order:
 * the same entries give the same numbers, in whatever order they came.
 * @throws SandboxError `bad-image` for a path that no image may hold, or one that is given twice
 */
export function imageTree(entries: readonly ImageEntry[]): { root: DirectoryNode; count: number } {
  const root: Folder = new Map();
  const modes = new Map<Folder, number>();
  for (const entry of entries) place(root, modes, entry);
  let count = 0;
  function directory(folder: Folder): DirectoryNode {
    const number = ++count;
    const children = new Map<string, ImageNode>();
    for (const [name, item] of [...folder].sort(([a], [b]) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    )) {
      children.set(name, item instanceof Map ? directory(item) : file(item, ++count));
    }
    return { kind: 'directory', number, mode: modes.get(folder) ?? 0o755, children };
  }
  return { root: directory(root), count };
}

function file(entry: ImageEntry, number: number): FileNode {
  return { kind: 'file', number, mode: entry.mode ?? 0o644, content: entry.content ?? new Uint8Array() };
}

function place(root: Folder, modes: Map<Folder, number>, entry: ImageEntry): void {
  const names = entry.path.split('/');
  const last = names.at(-1) ?? '';
  let folder = root;
  for (const name of names) {
    if (!isName(name)) throw new SandboxError('bad-image', `${entry.path} cannot be in an image`);
  }
  for (const name of names.slice(0, -1)) folder = enter(folder, name, entry.path);
  if (entry.content === undefined) {
    const made = enter(folder, last, entry.path);
    if (entry.mode !== undefined) modes.set(made, entry.mode);
  } else if (folder.has(last)) {
    throw new SandboxError('bad-image', `${entry.path} is there twice`);
  } else {
    folder.set(last, entry);
  }
}

function enter(folder: Folder, name: string, path: string): Folder {
  const there = folder.get(name);
  if (there instanceof Map) return there;
  if (there !== undefined) throw new SandboxError('bad-image', `${path}: ${name} is a file`);
  const made: Folder = new Map();
  folder.set(name, made);
  return made;
}

/** The format's name length is a byte's worth (size − 1 in 16 bits, but Linux refuses more than 256). */
function isName(name: string): boolean {
  const length = Buffer.byteLength(name);
  return length > 0 && length <= 256 && name !== '.' && name !== '..' && !name.includes('\0');
}

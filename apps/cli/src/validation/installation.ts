import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { openNote, TlogError, type NoteVerifier } from '#tlog';

/** Beside the package.json of an installation: what was built, as `sha256sum` writes it, and who says so. */
export const FILE_LIST = 'installation.sha256';
export const FILE_LIST_NOTE = 'installation.note';

/** What was built of the project's own. */
export const BUILD = ['package.json', 'package-lock.json', 'dist'] as const;
/** How it is run and used, and how its records are read without it: read by people, and of the release as the programs are (R34). */
export const DOCUMENTS = ['docs', 'tools'] as const;
/** What a release is: everything else beside it (a home, say) is the site's. */
const PARTS: readonly string[] = [...BUILD, 'node_modules', ...DOCUMENTS];

export type InstallationCheck =
  /** There is nothing to check against, or nobody to believe. */
  | { readonly outcome: 'not shown'; readonly why: string }
  | {
      readonly outcome: 'passed' | 'failed';
      readonly key: string;
      readonly files: number;
      readonly changed: readonly string[];
      readonly missing: readonly string[];
      /** In the installation and not in what was built. */
      readonly added: readonly string[];
    };

/** SHA-256, hex, by path below `root` with `/`. Links are passed over: npm makes them anew. @param parts of the installation: all */
export async function filesOf(
  root: string,
  parts: readonly string[] = PARTS,
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  const visit = async (name: string): Promise<void> => {
    const file = path.join(root, name);
    const found = await lstat(file).catch(() => undefined);
    if (found?.isDirectory()) for (const each of (await readdir(file)).sort()) await visit(`${name}/${each}`);
    else if (found?.isFile()) digests.set(name, await sha256(file));
  };
  for (const part of parts) await visit(part);
  return digests;
}

export function fileList(digests: ReadonlyMap<string, string>): string {
  return [...digests].map(([name, digest]) => `${digest}  ${name}\n`).join('');
}

/** What the note of an installation says (a C2SP signed note): which version, and the SHA-256 of its list. */
export function noteText(version: string, list: string): string {
  return `holdfast installation\n${version}\n${createHash('sha256').update(list).digest('hex')}\n`;
}

/**
 * Compares an installation with what was built and signed.
 * @param verifier of the key that the site has pinned; undefined: it has none
 */
export async function checkInstallation(
  root: string,
  verifier: NoteVerifier | undefined,
): Promise<InstallationCheck> {
  const list = await readFile(path.join(root, FILE_LIST), 'utf8').catch(() => undefined);
  const note = await readFile(path.join(root, FILE_LIST_NOTE), 'utf8').catch(() => undefined);
  if (list === undefined || note === undefined)
    return {
      outcome: 'not shown',
      why: 'this installation has no signed list of its files: it was not packaged, or by somebody who does not sign',
    };
  if (verifier === undefined)
    return {
      outcome: 'not shown',
      why: 'no key was given (--manifest-key): whoever could change the files could have made the list',
    };
  const expected = listed(list);
  const failed = { key: verifier.name, files: expected.size, changed: [], missing: [], added: [] };
  const said = signedText(note, verifier);
  if (said === undefined || !said.endsWith(`\n${createHash('sha256').update(list).digest('hex')}\n`))
    return { ...failed, outcome: 'failed', changed: [said === undefined ? FILE_LIST_NOTE : FILE_LIST] };
  const found = await filesOf(root);
  const changed = [...expected].filter(([name, digest]) => found.has(name) && found.get(name) !== digest);
  const missing = [...expected.keys()].filter((name) => !found.has(name));
  const added = [...found.keys()].filter((name) => !expected.has(name));
  const outcome = changed.length + missing.length + added.length === 0 ? 'passed' : 'failed';
  return { ...failed, outcome, changed: changed.map(([name]) => name), missing, added };
}

function listed(list: string): ReadonlyMap<string, string> {
  const rows = [...list.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)];
  return new Map(rows.map(([, digest = '', name = '']) => [name, digest]));
}

function signedText(note: string, verifier: NoteVerifier): string | undefined {
  try {
    return openNote(note, [verifier]).text;
  } catch (error) {
    if (error instanceof TlogError) return undefined;
    throw error;
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The folder of the package.json that this code belongs to. */
export async function installationRoot(from: string): Promise<string> {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = await lstat(path.join(folder, 'package.json')).catch(() => undefined);
    if (found || folder === path.dirname(folder)) return folder;
  }
}

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { encodeEntryBundle, entriesPath } from '#tlog';

/** A ledger's folder below `root` with these events, in bundles as the ledger writes them, and a checkpoint that nobody signed. */
export async function ledgerOfEvents(root: string, of: readonly object[]): Promise<string> {
  const folder = await mkdtemp(path.join(root, 'ledger-'));
  for (let index = 0; index * 256 < of.length; index++) {
    const part = of.slice(index * 256, index * 256 + 256);
    const file = path.join(folder, entriesPath(BigInt(index), part.length));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, encodeEntryBundle(part.map((event) => Buffer.from(JSON.stringify(event)))));
  }
  await writeFile(path.join(folder, 'checkpoint'), `site.example/log\n${of.length}\n`);
  return folder;
}

export const SIGNATURE_SCRIPT = path.resolve('tools/verify-signature.mjs');
const run = promisify(execFile);

/** What the script says of signatures, which uses none of our code. */
export async function verifySignatures(
  ...given: string[]
): Promise<{ readonly code: number; readonly said: string }> {
  try {
    const { stdout } = await run(process.execPath, [SIGNATURE_SCRIPT, ...given]);
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stdout } = error as { readonly code: number; readonly stdout: string };
    return { code, said: stdout };
  }
}

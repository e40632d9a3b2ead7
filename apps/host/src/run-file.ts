import { rename, rm, writeFile } from 'node:fs/promises';

/** Where the servers listen. */
export interface Urls {
  readonly control: string;
  readonly proxy: string;
  readonly sandbox?: string;
}

/** Tells the CLI, and whoever else may read the home, where the servers are. */
export async function writeRunFile(file: string, urls: Urls): Promise<void> {
  const unfinished = `${file}.new`;
  await writeFile(unfinished, `${JSON.stringify({ ...urls, pid: process.pid }, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, file);
}

export async function removeRunFile(file: string): Promise<void> {
  await rm(file, { force: true });
}

import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** The servers that have health and metrics on an address of their own. */
export type ObservedServer = 'control' | 'worker' | 'projector' | 'proxy';

/** Where the servers listen. */
export interface Urls {
  readonly control: string;
  readonly proxy: string;
  readonly sandbox?: string;
  /** Of each server's health and metrics. */
  readonly health: Readonly<Record<ObservedServer, string>>;
}

/** As far as is known: while the site starts, not all of them say yet where they listen. */
export type KnownUrls = Partial<Omit<Urls, 'health'>> & { readonly health: Partial<Urls['health']> };

/** Tells the CLI, and whoever else may read the home, where the servers are. */
export async function writeRunFile(file: string, urls: KnownUrls): Promise<void> {
  const unfinished = `${file}.new`;
  await writeFile(unfinished, `${JSON.stringify({ ...urls, pid: process.pid }, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, file);
}

export async function removeRunFile(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** Undefined where no site is up, or none that says where. */
export async function readRunFile(file: string): Promise<KnownUrls | undefined> {
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as Partial<KnownUrls> | null;
    return read?.health === undefined ? undefined : { ...read, health: read.health };
  } catch {
    return undefined;
  }
}

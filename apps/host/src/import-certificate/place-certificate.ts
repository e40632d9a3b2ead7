import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '#blob-store/filesystem/sync-folder';
import { textOfCertificate } from '#platform/tls/certificate-file';
import { anchorOf } from '#platform/tls/public-authority';
import { pairText, type TlsPair } from '#platform/tls/tls-pair';
import type { Home } from '../home.js';
import type { CertificatePlaces } from './certificate-places.js';
import { stageFile, type StagedFile } from './put-file.js';

/**
 * Puts a pair where the servers see it, once it is recorded. Everything is on disk before that, so that what is left to fail is a rename; the pair is
 * one file, so that no server ever sees a certificate with the key of another one.
 * @throws what `record` does, and nothing has changed then
 */
export async function placeCertificate(
  pair: TlsPair,
  places: CertificatePlaces,
  home: Home,
  record: () => Promise<void>,
): Promise<{ readonly before: string | undefined }> {
  const text = pairText(pair);
  const [main] = places.pairs;
  const before = await textOfCertificate(main);
  const staged: StagedFile[] = [];
  const stage = async (file: string, content: string, mode: number): Promise<void> => {
    staged.push(await stageFile(file, content, mode, home.folder));
  };
  try {
    // In the order in which they are put: the one before is kept before it is replaced.
    if (before !== undefined && before !== text) await stage(places.previous, before, 0o600);
    for (const file of places.pairs) await stage(file, text, 0o600);
    const root = pair.root ? [pair.root] : [];
    await stage(places.shown, [...pair.chain, ...root].map(String).join(''), 0o644);
    const anchor = anchorOf(pair);
    if (anchor) await stage(places.authority, anchor.toString(), 0o644);
    await record();
  } catch (error) {
    for (const file of staged) await file.drop();
    throw error;
  }
  for (const file of staged) await file.put();
  if (!anchorOf(pair)) await rm(places.authority, { force: true });
  return { before };
}

/** Takes it away from the servers; the pair stays as the one before. @returns whether there was one */
export async function removeCertificate({
  pairs,
  previous,
  shown,
  authority,
}: CertificatePlaces): Promise<boolean> {
  const [main, ...copies] = pairs;
  for (const file of [...copies, shown, authority]) await rm(file, { force: true });
  try {
    await rename(main, previous);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  await syncFolder(path.dirname(main));
  return true;
}

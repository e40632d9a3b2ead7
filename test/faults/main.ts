import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { readArguments, USAGE, type Arguments } from './arguments.js';
import { againWithOwnMounts, hasOwnMounts, refuseWithoutRoot, withoutMark } from './disks/mounted.js';
import { loop } from './loop.js';

/** `npm run faults`: exit codes 0 nothing found, 1 something found or failed, 2 wrong arguments. */
async function main(argv: readonly string[]): Promise<number> {
  let options: Arguments;
  try {
    options = readArguments(withoutMark(argv));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return 2;
  }
  if (options.kinds.some(({ fault }) => fault === 'full') && !hasOwnMounts(argv)) {
    refuseWithoutRoot();
    return await againWithOwnMounts(fileURLToPath(import.meta.url), argv);
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  // Whoever read what we print is gone: the site must be taken down all the same.
  process.stdout.on('error', () => interrupted.abort());
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  return (await loop(options, say, interrupted.signal)) ? 0 : 1;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${inspect(error)}\n`);
  process.exit(1);
}

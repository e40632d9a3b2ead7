import { readArguments, USAGE, type Arguments } from './arguments.js';
import { loop } from './loop.js';

/** `npm run faults`: exit codes 0 nothing found, 1 something found or failed, 2 wrong arguments. */
async function main(argv: readonly string[]): Promise<number> {
  let options: Arguments;
  try {
    options = readArguments(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return 2;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  return (await loop(options, say, interrupted.signal)) ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));

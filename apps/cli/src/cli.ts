import { fileURLToPath } from 'node:url';
import { calledBy } from './names.js';

/** Where text goes, and whether a person watches it. */
export interface Output {
  readonly isTTY?: boolean;
  /** How wide a terminal is, in characters. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where passwords come from. Only a terminal has `setRawMode`. */
export interface Input extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
  iterator?(options: { destroyOnReturn: boolean }): AsyncIterable<Uint8Array | string>;
  pause?(): unknown;
}

/** All that the CLI has of the world around it; specs give their own. */
export interface Cli {
  /** What the program was called by: see {@link calledBy}. */
  readonly name: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Input;
  /** Data, and nothing else. */
  readonly stdout: Output;
  /** Messages, prompts and problems. */
  readonly stderr: Output;
  /** The compiled entry of apps/host, which the host's commands are handed to. */
  readonly hostProgram: string;
}

export function processCli(): Cli {
  return {
    name: calledBy(process.argv[1]),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    hostProgram: fileURLToPath(new URL('../../host/src/main.js', import.meta.url)),
  };
}

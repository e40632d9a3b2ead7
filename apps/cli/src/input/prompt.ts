import type { Input, Output } from '../cli.js';
import { CliError } from '../cli-error.js';

const ENTER = new Set(['\r', '\n', '\u0004']);
const INTERRUPT = '\u0003';
const ERASE = new Set(['\u007f', '\b']);

/** Asks without echo, on the messages' stream: standard output is for data. @throws CliError `no-password` on ctrl-c or end of input */
export function promptHidden(stdin: Input, stderr: Output, prompt: string): Promise<string> {
  return promptFor(stdin, stderr, prompt, () => undefined);
}

/** The same of what anybody may see. */
export function promptShown(stdin: Input, stderr: Output, prompt: string): Promise<string> {
  return promptFor(stdin, stderr, prompt, (text) => stderr.write(text));
}

async function promptFor(
  stdin: Input,
  stderr: Output,
  prompt: string,
  echo: (text: string) => void,
): Promise<string> {
  // Before the prompt: what is typed the moment it appears would be echoed.
  stdin.setRawMode?.(true);
  try {
    stderr.write(prompt);
    const typed: string[] = [];
    // A second question may follow: the input must outlive this loop.
    for await (const chunk of stdin.iterator?.({ destroyOnReturn: false }) ?? stdin) {
      for (const key of typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')) {
        if (key === INTERRUPT) throw new CliError('no-password', 'cancelled');
        if (ENTER.has(key)) return typed.join('');
        if (ERASE.has(key)) {
          if (typed.pop() !== undefined) echo('\b \b');
        } else {
          typed.push(key);
          echo(key);
        }
      }
    }
    throw new CliError('no-password', 'the input ended before a password was given');
  } finally {
    stdin.setRawMode?.(false);
    stdin.pause?.();
    stderr.write('\n');
  }
}

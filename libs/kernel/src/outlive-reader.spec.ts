import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { nextLine, nodeProcess } from '#test/support/node-process';

const OUTLIVING = "import { outliveReader } from '#kernel/outlive-reader';";

describe('a command', () => {
  it('whose reader has seen enough goes on to its end', async () => {
    const child = nodeProcess(`${OUTLIVING}
      outliveReader(process.stdout);
      const failed = () => new Promise((resolve) => process.stdout.write('a line\\n', resolve));
      while (!(await failed())) await new Promise(setImmediate);
      process.exitCode = 5;`);
    expect(await nextLine(child)).toBe('a line');
    const exited = once(child, 'exit');
    child.stdout.destroy();
    expect(await exited).toEqual([5, null]);
  });

  it('whose disk is full says so, and fails', async () => {
    const child = nodeProcess(`${OUTLIVING}
      import { createWriteStream } from 'node:fs';
      process.stderr.write = (text) => process.stdout.write(text);
      const full = createWriteStream('/dev/full');
      outliveReader(full);
      full.write('a line');`);
    const exited = once(child, 'exit');
    expect(await nextLine(child)).toBe(
      'error: standard output cannot be written: ENOSPC: no space left on device, write',
    );
    expect(await exited).toEqual([1, null]);
  });
});

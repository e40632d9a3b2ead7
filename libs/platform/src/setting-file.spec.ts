import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from './config.js';
import { readKeyFile } from './setting-file.js';

describe('a key that a setting names', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'key-file-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function read(text: string): Promise<Buffer> {
    const file = path.join(folder, 'key');
    await writeFile(file, text);
    return readKeyFile('HOLDFAST_SITE_KEY_FILE', file);
  }

  it.each(['ab'.repeat(32), `${'AB'.repeat(32)}\n`])('is 32 bytes in hex: %j', async (text) => {
    expect(await read(text)).toEqual(Buffer.alloc(32, 0xab));
  });

  it.each(['', 'ab'.repeat(31), 'ab'.repeat(33), `${'ab'.repeat(31)}xy`, `0x${'ab'.repeat(32)}`])(
    'is not %j',
    async (text) => {
      const reading = read(text);
      await expect(reading).rejects.toBeInstanceOf(ConfigError);
      await expect(reading).rejects.toThrow(/^HOLDFAST_SITE_KEY_FILE is ".*key": .*32 bytes in hex/);
    },
  );

  it('is in a file that can be read', async () => {
    await expect(readKeyFile('HOLDFAST_SITE_KEY_FILE', folder)).rejects.toThrow(/EISDIR/);
    await expect(readKeyFile('HOLDFAST_SITE_KEY_FILE', path.join(folder, 'none'))).rejects.toBeInstanceOf(
      ConfigError,
    );
  });
});

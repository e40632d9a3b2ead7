import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ByteRange } from './byte-range.js';
import { fileFingerprint } from './file-fingerprint.js';
import { pourFile } from './pour-file.js';
import { wholeFile } from './served-file.js';

const content = randomBytes(5_000_000);
let folder: string;
let server: Server;
let range: ByteRange;
/** How the last answer ended. */
let poured: Promise<void>;
let file: FileHandle;
let size = content.length;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-pour-'));
  await writeFile(join(folder, 'artefact'), content);
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': range.end - range.start + 1 });
    poured = open(join(folder, 'artefact')).then(async (opened) => {
      file = opened;
      return pourFile(wholeFile(opened, size, await fileFingerprint(opened)), range, response);
    });
    poured.catch(() => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(): Promise<IncomingMessage> {
  const request = get({ port: (server.address() as AddressInfo).port, agent: false });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

describe('pourFile', () => {
  it.each([
    [0, 4_999_999],
    [0, 0],
    [17, 65_552],
    [524_287, 1_048_577],
    [4_999_999, 4_999_999],
  ])('sends bytes %i to %i and closes the file', async (start, end) => {
    range = { start, end };
    const body = await buffer(await ask());
    expect(body.equals(content.subarray(start, end + 1))).toBe(true);
    await poured;
    await expect(file.stat()).rejects.toThrow(/closed/);
  });

  it('mixes no bytes of many at the same time, slow ones among them', async () => {
    range = { start: 0, end: 4_999_999 };
    const answers = await Promise.all(Array.from({ length: 40 }, ask));
    const [stalled, ...others] = answers;
    for (const body of await Promise.all(others.map((answer) => buffer(answer)))) {
      expect(body.equals(content)).toBe(true);
    }
    expect((await buffer(stalled as IncomingMessage)).equals(content)).toBe(true);
  });

  it('ends when the device goes away, and closes the file', async () => {
    range = { start: 0, end: 4_999_999 };
    const answer = await ask();
    answer.destroy();
    await expect(poured).rejects.toBeInstanceOf(Error);
    await expect(file.stat()).rejects.toThrow(/closed/);
  });

  it('cuts the answer off when the file is written to meanwhile', async () => {
    range = { start: 0, end: 4_999_999 };
    const answer = await ask();
    await once(answer, 'readable');
    await writeFile(join(folder, 'artefact'), content, { flag: 'r+' });
    await expect(buffer(answer)).rejects.toThrow('aborted');
    await expect(poured).rejects.toMatchObject({ code: 'artefact-changed' });
    await expect(file.stat()).rejects.toThrow(/closed/);
  });

  it('cuts the answer off when the file is shorter than was thought', async () => {
    range = { start: 0, end: 5_000_000 };
    size = 5_000_001;
    const answer = await ask();
    await expect(buffer(answer)).rejects.toThrow('aborted');
    await expect(poured).rejects.toThrow('the file ended at 5000000');
  });
});

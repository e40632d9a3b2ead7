import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';
import { SessionFile } from './session-file.js';

const SESSION = { token: 'secret-token', login: 'ada', expiresAt: '2026-11-24T08:00:00.000Z' };
let sessions: SessionFile;

beforeEach(() => {
  sessions = new SessionFile(new TestCli().env);
});

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('the session file', () => {
  it('can be read by its owner alone, and so can its folder', async () => {
    await sessions.put('http://a', SESSION);
    expect(await modeOf(sessions.path)).toBe('600');
    expect(await modeOf(dirname(sessions.path))).toBe('700');
  });

  it('keeps a session for each server, and leaves no other file', async () => {
    await sessions.put('http://a', SESSION);
    await sessions.put('http://b', { ...SESSION, login: 'ben' });
    await sessions.remove('http://a');
    expect(await sessions.get('http://a')).toBeUndefined();
    expect(await sessions.get('http://b')).toMatchObject({ login: 'ben' });
    expect(await readdir(dirname(sessions.path))).toEqual(['sessions.json']);
  });

  it('is not used once others may read it', async () => {
    await sessions.put('http://a', SESSION);
    await chmod(sessions.path, 0o640);
    await expect(sessions.get('http://a')).rejects.toMatchObject({ code: 'unsafe-session-file' });
  });

  it('is not overwritten when it is something else', async () => {
    await sessions.put('http://a', SESSION);
    await writeFile(sessions.path, 'my notes');
    await expect(sessions.put('http://a', SESSION)).rejects.toMatchObject({ code: 'unsafe-session-file' });
    expect(await readFile(sessions.path, 'utf8')).toBe('my notes');
  });
});

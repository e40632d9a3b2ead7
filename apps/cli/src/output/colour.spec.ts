import { describe, expect, it } from 'vitest';
import { processCli } from '../cli.js';
import { colours } from './colour.js';

const terminal = { isTTY: true, write: () => undefined };

describe('colours', () => {
  it('are for terminals', () => {
    expect(colours({ ...processCli(), env: {} }, terminal).good('OK')).toBe('\u001b[32mOK\u001b[0m');
    expect(colours({ ...processCli(), env: {} }, { write: () => undefined }).good('OK')).toBe('OK');
  });

  it('are left out when NO_COLOR is set', () => {
    expect(colours({ ...processCli(), env: { NO_COLOR: '1' } }, terminal).bad('FAIL')).toBe('FAIL');
  });
});

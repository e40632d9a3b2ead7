import { describe, expect, it } from 'vitest';
import { LAB_HELLO } from '../answer/testing-manifests.js';
import { capturedWith, declaration } from './testing-declarations.js';

function captured(...texts: string[]) {
  const told: string[] = [];
  const assertions = capturedWith(texts, (message) => told.push(message));
  const find = (maxFormat?: number) =>
    assertions.find('snap-declaration', ['16', LAB_HELLO], maxFormat)?.revision;
  return { assertions, find, told };
}

describe('CapturedAssertions', () => {
  it('gives the highest revision, whichever capture saw it', () => {
    expect(captured(declaration(3), declaration(7), declaration(5)).find()).toBe(7);
  });

  it('gives the newest that the device understands', () => {
    const { find } = captured(declaration(3, 1), declaration(7, 4));
    expect([find(), find(5), find(4), find(3), find(0)]).toEqual([7, 7, 7, 3, undefined]);
  });

  it('gives the bytes that were captured', () => {
    const text = declaration(3);
    const found = captured(text).assertions.find('snap-declaration', ['16', LAB_HELLO], 6);
    expect(found?.bytes.toString('utf8')).toBe(text);
  });

  it('serves the others when one cannot be read, and tells', () => {
    const { find, told } = captured('type: nonsense', declaration(3));
    expect(find()).toBe(3);
    expect(told).toHaveLength(1);
  });

  it('knows of no other', () => {
    const { assertions } = captured(declaration(3));
    expect(assertions.find('snap-declaration', ['16', 'other'], 6)).toBeUndefined();
    expect(assertions.find('account', ['16', LAB_HELLO], 6)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { begins } from './store-client.js';

const RIGHT = Buffer.from('what was published');
const got = (...parts: string[]) => {
  const bytes = parts.map((part) => Buffer.from(part));
  return { parts: bytes, length: Buffer.concat(bytes).length, whole: true };
};

describe('what came', () => {
  it.each([[[]], [['what']], [['what w', 'as p']], [['what was', ' publi', 'shed']]])(
    'is how it begins: %j',
    (parts) => {
      expect(begins(RIGHT, got(...parts))).toBe(true);
    },
  );

  it.each([[['What']], [['what', 'was']], [['what was', ' publi', 'sheD']], [['what was published', '!']]])(
    'is not: %j',
    (parts) => {
      expect(begins(RIGHT, got(...parts))).toBe(false);
    },
  );
});

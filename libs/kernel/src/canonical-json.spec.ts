import { describe, expect, it } from 'vitest';
import { canonicalJson, KernelError } from '#kernel';

describe('canonicalJson', () => {
  it('refuses an undefined member instead of dropping it', () => {
    expect(() => canonicalJson({ a: [{ b: undefined as unknown as null }] })).toThrow(KernelError);
  });
});

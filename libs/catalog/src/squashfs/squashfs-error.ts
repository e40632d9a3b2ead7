/** Why an image cannot be read: it is damaged, it is none, or it goes beyond what a reader should follow. */
export class SquashfsError extends Error {
  override readonly name = 'SquashfsError';
}

/** @throws SquashfsError */
export function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new SquashfsError(otherwise);
}

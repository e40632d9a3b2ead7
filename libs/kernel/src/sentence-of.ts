/**
 * Why something failed, in words for a person: an error's message. A connection that was tried at several addresses (AggregateError) has
 * none of its own, and each failure has one.
 */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(sentenceOf).join('; ');
  return error.message || error.name;
}

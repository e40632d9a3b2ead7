/** What the process ends with; documented in docs/reference/exit-codes.md. Scripts depend on them: a number keeps its meaning. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  refused: 5,
  integrity: 6,
  unreachable: 7,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** In words, for `help` and the reference. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'failed, for none of the reasons below',
  2: 'the command line is wrong, or what it asks for is not well-formed',
  3: 'there is no such thing',
  4: 'not signed in, or not allowed to',
  5: 'refused: in conflict with the state that the record is in',
  6: 'an integrity check failed',
  7: 'a server that is needed could not be reached',
};

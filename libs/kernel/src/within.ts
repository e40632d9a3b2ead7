/**
 * What `work` gives, if it does within `ms` milliseconds.
 * @throws what `late` makes, when it takes longer; the work goes on, and what becomes of it is nobody's business any more
 */
export async function within<Result>(
  ms: number,
  work: () => Promise<Result>,
  late: () => Error = () => new Error(`no answer within ${ms / 1000} s`),
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Nobody answered in time: what was asked for may have happened or not. */
export class Silence extends Error {
  override readonly name = 'Silence';
}

/**
 * Our own timer around a call of the client's, which may leave its promise open for ever. The call itself goes on: what it still answers
 * is not heard.
 * @throws Silence
 */
export async function withinTime<Result>(milliseconds: number, call: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Silence(`no answer in ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([call, silence]);
  } finally {
    clearTimeout(timer);
  }
}

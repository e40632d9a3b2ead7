import { isRefusal } from '../api/problem.js';
import type { Invocation } from '../invocation.js';

/**
 * Submits at once; where a ring asks for the signature of its author, which is of a draft that they have read, it is drafted, and said how it is submitted.
 * @param ask with whether to submit it
 */
export async function submitOrDraft<Answer extends { readonly id: string }>(
  invocation: Pick<Invocation, 'say'>,
  ask: (submit: boolean) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(true);
  } catch (error) {
    if (!isRefusal(error, 'author-signature-required')) throw error;
    const drafted = await ask(false);
    const { id } = drafted;
    invocation.say(
      `${id} is a draft: its ring asks for your signature as its author. Sign and submit it: holdfast change submit ${id} --reason "…"`,
    );
    return drafted;
  }
}

import { ReleaseControlError } from '../domain/errors.js';

/** Others may sign at the same time: so often at most, as a rule asks for few signatures. */
const ATTEMPTS = 10;

/** Signs again, with what is by then, when somebody else signed between looking and signing. @throws what `sign` throws */
export async function whileOthersSign<Outcome>(sign: () => Promise<Outcome>): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sign();
    } catch (error) {
      const meanwhile = error instanceof ReleaseControlError && error.code === 'signed-meanwhile';
      if (!meanwhile || attempt === ATTEMPTS) throw error;
    }
  }
}

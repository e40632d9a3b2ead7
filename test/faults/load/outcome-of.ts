import type { Outcome } from './record.js';
import type { Answer } from './rest.js';

/** Codes with which the site itself says that it does not know whether it was done. */
const UNKNOWN = ['outcome-unknown', 'internal-error'];

/** What a command's answer says of it. */
export function outcomeOf(answer: Answer): Outcome {
  if (answer.kind === 'cut') return { kind: 'unknown', why: answer.why };
  const { id, status, cursor, code } = answer.body;
  if (answer.status < 300) {
    return {
      kind: 'acknowledged',
      id: String(id),
      status: String(status),
      cursor: typeof cursor === 'string' ? cursor : null,
    };
  }
  if (typeof code !== 'string' || UNKNOWN.includes(code))
    return { kind: 'unknown', why: `${answer.status} ${String(code)}` };
  return { kind: 'refused', status: answer.status, code };
}

/** @throws Error unless it was done */
export function succeeded(answer: Answer): Readonly<Record<string, unknown>> {
  if (answer.kind === 'answered' && answer.status < 300) return answer.body;
  throw new Error(answer.kind === 'cut' ? answer.why : `${answer.status} ${JSON.stringify(answer.body)}`);
}

import { CodedError } from '#kernel';
import { HttpError, type FieldError } from '../http/errors.js';
import { StaleRevision, type CurrentRecord } from '../revisions/stale-revision.js';
import { problemKind, PROBLEMS } from './problem-table.js';
import type { ProblemKind } from './problem-kind.js';

/** RFC 9457, with our code and the request's id. `type` names the code; it is no address to fetch. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
  /** Of a record that was changed meanwhile: what is there now. */
  readonly current?: CurrentRecord;
  /** As stores have it, for their clients. */
  readonly error_list?: readonly { readonly code: string; readonly message: string }[];
}

/** What a client is told. Of an error that nobody coded it learns nothing but the id under which it was logged. */
export function toProblem(error: unknown, requestId: string): Problem {
  const coded: CodedError<string> | undefined = error instanceof CodedError ? error : undefined;
  const kind = coded && problemKind(coded.code);
  if (!coded || !kind || kind.status === 500) {
    const code = coded && kind ? coded.code : 'internal-error';
    return problem(code, kind ?? PROBLEMS['internal-error'], 'See the log for this request id.', requestId);
  }
  const made = problem(coded.code, kind, coded.message, requestId);
  if (coded instanceof StaleRevision) return { ...made, current: coded.current };
  return coded instanceof HttpError && coded.errors.length > 0 ? { ...made, errors: coded.errors } : made;
}

function problem(code: string, kind: ProblemKind, detail: string, requestId: string): Problem {
  return {
    type: `urn:holdfast:problem:${code}`,
    title: kind.title,
    status: kind.status,
    detail,
    code,
    requestId,
  };
}

/** How an error is shown at the edges: to HTTP clients as a problem (RFC 9457), to a shell as an exit code. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly exitCode: ExitCode;
}

/** 1 failure · 2 usage · 3 not found · 4 not authenticated or authorised · 5 conflict or refused · 6 integrity check failed · 7 upstream unreachable */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const usage = (title: string, status = 400): ProblemKind => ({ status, title, exitCode: 2 });
const notFound = (title: string): ProblemKind => ({ status: 404, title, exitCode: 3 });
const notAuthenticated = (title: string): ProblemKind => ({ status: 401, title, exitCode: 4 });
const forbidden = (title: string): ProblemKind => ({ status: 403, title, exitCode: 4 });
const conflict = (title: string): ProblemKind => ({ status: 409, title, exitCode: 5 });
const integrity = (title: string): ProblemKind => ({ status: 500, title, exitCode: 6 });
const unavailable = (title: string): ProblemKind => ({ status: 503, title, exitCode: 1 });
const failure = (title: string): ProblemKind => ({ status: 500, title, exitCode: 1 });

/**
 * Every code of every library, once; a code that two libraries use means the same in both. That none is missing is checked by
 * the compiler in `apps/control/src/problem-table.spec.ts`, since this library may not import those that it serves.
 */
export const PROBLEMS = {
  // the request itself
  'malformed-json': usage('The body is not JSON'),
  'body-too-large': usage('The body is too large', 413),
  'unsupported-media-type': usage('Only JSON is accepted', 415),
  'malformed-request': usage('The request cannot be read'),
  'invalid-request': usage('The request is not valid'),
  'reason-required': usage('A reason is required'),
  'no-such-route': notFound('There is nothing at this address'),
  'not-yet-projected': unavailable('The read models have not caught up yet'),
  overloaded: unavailable('Too much to do'),
  'internal-error': failure('Something went wrong on our side'),
  // kernel
  'not-canonical': failure('A value has no canonical form'),
  'malformed-event': integrity('A stored event cannot be read'),
  'event-too-large': usage('The request makes too large a record', 413),
  // event store
  'wrong-expected-revision': conflict('Somebody else changed the record at the same time'),
  'append-too-large': usage('The request makes too large a record', 413),
  'outcome-unknown': unavailable('Whether it was recorded is not known; look before you repeat it'),
  unavailable: unavailable('A part of the system cannot be reached'),
  'malformed-cursor': usage('The cursor is not one of ours'),
  // identity
  'invalid-login': usage('The login is not valid'),
  'invalid-name': usage('The name is not valid'),
  'weak-password': usage('The password is too weak'),
  'not-signed-in': notAuthenticated('Sign in first'),
  'sign-in-refused': notAuthenticated('The sign-in was refused'),
  'wrong-password': forbidden('The password is wrong'),
  'locked-out': forbidden('Locked out after too many wrong passwords'),
  'enrolment-refused': forbidden('The enrolment secret was refused'),
  'not-an-admin': forbidden('This takes the role admin'),
  'own-rights': forbidden('Nobody may change their own rights'),
  'unknown-person': notFound('There is no such person'),
  'login-taken': conflict('The login is taken'),
  'person-disabled': conflict('The person is disabled'),
  'roles-exclude-each-other': conflict('The roles exclude each other'),
  'role-already-held': conflict('The role is held already'),
  'role-not-held': conflict('The role is not held'),
  'password-already-set': conflict('The password is set already'),
  'commissioning-already-closed': conflict('Commissioning is closed already'),
  'credential-tampered': integrity('A credential was altered outside the product'),
  // release-control
  'invalid-items': usage('The items are not valid'),
  'not-an-author': forbidden('This takes the role author'),
  'not-an-approver': forbidden('This takes the role approver'),
  'not-the-author': forbidden("This is the author's to do"),
  'author-cannot-approve': forbidden('Nobody approves their own request'),
  'signature-required': forbidden('A signature is required'),
  'no-such-change-request': notFound('There is no such change request'),
  'change-request-exists': conflict('The change request exists already'),
  'not-allowed-in-status': conflict('The request is not in the status for that'),
  'record-changed': conflict('The record is not the one that was shown'),
  'expected-value-differs': conflict('The policy has changed meanwhile'),
  'policy-malformed': integrity('A policy document cannot be read'),
  'policy-bad-signature': integrity('A policy document is not signed by the site'),
  'policy-of-another-ring': integrity('A policy document is for another ring'),
  'policy-of-another-site': integrity('A policy document is from another site'),
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Undefined for a code that is nobody's: not for clients to see. */
export function problemKind(code: string): ProblemKind | undefined {
  return Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code as ProblemCode] : undefined;
}

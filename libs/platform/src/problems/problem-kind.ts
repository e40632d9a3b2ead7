/** How an error is shown at the edges: to HTTP clients as a problem (RFC 9457), to a shell as an exit code. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly exitCode: ExitCode;
  /** Seconds after which the same may be asked again (`Retry-After`, RFC 9110, 10.2.3); absent where asking again is no help, or might do it twice. */
  readonly retryAfter?: number;
}

/** 1 failure · 2 usage · 3 not found · 4 not authenticated or authorised · 5 conflict or refused · 6 integrity check failed · 7 upstream unreachable */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const usage = (title: string, status = 400): ProblemKind => ({ status, title, exitCode: 2 });
export const notFound = (title: string): ProblemKind => ({ status: 404, title, exitCode: 3 });
export const notAuthenticated = (title: string): ProblemKind => ({ status: 401, title, exitCode: 4 });
export const forbidden = (title: string): ProblemKind => ({ status: 403, title, exitCode: 4 });
export const conflict = (title: string): ProblemKind => ({ status: 409, title, exitCode: 5 });
export const stale = (title: string): ProblemKind => ({ status: 412, title, exitCode: 5 });
export const refused = (title: string): ProblemKind => ({ status: 422, title, exitCode: 5 });
export const upstream = (title: string, status = 502): ProblemKind => ({ status, title, exitCode: 7 });
export const integrity = (title: string): ProblemKind => ({ status: 500, title, exitCode: 6 });
/** It passes by itself: nothing was done, and it may be asked again. */
export const unavailable = (title: string): ProblemKind => ({
  status: 503,
  title,
  exitCode: 1,
  retryAfter: 5,
});
/** Whether it was done is not known: nobody is told to do it again. */
export const unknown = (title: string): ProblemKind => ({ status: 503, title, exitCode: 1 });
export const failure = (title: string): ProblemKind => ({ status: 500, title, exitCode: 1 });

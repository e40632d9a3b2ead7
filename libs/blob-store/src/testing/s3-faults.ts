import type { Context } from 's3rver';

export type S3Fault =
  /** An error of S3's own, with its status. */
  | { readonly status: number; readonly code: string }
  /** No answer, ever. */
  | 'silence'
  /** The connection ends before there is an answer. */
  | 'hang-up'
  /** The request is done, and then the connection ends in place of the answer. */
  | 'lost-answer';

/** Answers as the fault says, or hands on. */
export async function failing(
  fault: S3Fault | undefined,
  context: Context,
  next: () => Promise<void>,
): Promise<void> {
  if (fault === undefined) return await next();
  if (typeof fault === 'object') {
    context.status = fault.status;
    context.type = 'application/xml';
    context.body = `<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>as ordered</Message></Error>`;
    return;
  }
  if (fault === 'lost-answer') await next();
  context.respond = false;
  if (fault !== 'silence') context.res.destroy();
}

import { BlobStoreError, type BlobStoreErrorCode } from '../port.js';
import type { S3Connection } from './s3-connection.js';

const DENIED = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/**
 * Runs one operation of the server. What fails is said so that somebody can act on it; what the server or the SDK says may name keys
 * of the bucket, never a secret.
 * @throws BlobStoreError `unavailable`, `access-denied`, `no-such-bucket`
 */
export async function onS3<Result>(
  { location }: S3Connection,
  what: string,
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (cause) {
    if (cause instanceof BlobStoreError) throw cause;
    const where = location.endpoint ?? "Amazon's S3";
    const [code, advice] = judged(cause, location.bucket, where);
    throw new BlobStoreError(code, `cannot ${what}: ${sentence(cause)}; ${advice}`, { cause });
  }
}

function judged(cause: unknown, bucket: string, where: string): [BlobStoreErrorCode, string] {
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'NoSuchBucket') {
    return ['no-such-bucket', `create the bucket ${bucket} at ${where}, or correct BLOBS_URL`];
  }
  if (name === 'CredentialsProviderError') {
    return ['access-denied', 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE'];
  }
  if (DENIED.has(name) || httpStatus(cause) === 403) {
    return [
      'access-denied',
      `check the AWS credentials, this machine's clock, and that they may list, read, write and delete in ${bucket}`,
    ];
  }
  return ['unavailable', `check that ${where} can be reached from here and is well; it is tried again`];
}

/** Undefined for what never got an answer. */
export function httpStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  return (error.$metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode;
}

/** The server has no such key; a missing bucket is something else. */
export function isNoSuchKey(error: unknown): boolean {
  return httpStatus(error) === 404 && !(error instanceof Error && error.name === 'NoSuchBucket');
}

/** Somebody else's write came first (RFC 9110, 15.5.13; S3 says 409 for one that is under way). */
export function isConditionFailed(error: unknown): boolean {
  const status = httpStatus(error);
  return status === 412 || status === 409;
}

/** The server doesn't know this operation or condition: not every S3-compatible one does. */
export function isNotImplemented(error: unknown): boolean {
  const status = httpStatus(error);
  return status === 501 || status === 405;
}

function sentence(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const status = httpStatus(cause);
  // A connection that fails on each of a name's addresses has no message of its own.
  const inner = cause instanceof AggregateError ? cause.errors.map(String).join(', ') : cause.message;
  const said = inner === '' || inner === 'UnknownError' ? '' : `, ${inner}`;
  return `${cause.name}${status === undefined ? '' : ` (${status})`}${said}`;
}

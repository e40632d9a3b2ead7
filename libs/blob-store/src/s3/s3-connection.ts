import { S3Client } from '@aws-sdk/client-s3';
import type { S3Location } from '../blobs-url.js';
import type { BlobDigest } from '../port.js';

/** Milliseconds, and tries. */
export interface S3Patience {
  readonly connect: number;
  /** Without a byte from the server, before its answer and within. */
  readonly silence: number;
  /** How often one request is sent at most; the pauses between grow. */
  readonly attempts: number;
}

export const USUAL_S3_PATIENCE: S3Patience = { connect: 5_000, silence: 30_000, attempts: 4 };

/**
 * A connection to a part of a bucket. Keys are laid out as the folder's files are (`sha256/ab/abcdef…`, `quarantine/…`), so that
 * kept blobs move between a folder and a bucket with any program that copies files.
 */
export class S3Connection {
  readonly client: S3Client;

  /** Credentials come from the usual AWS variables and files, as the SDK looks for them. Nothing connects yet. */
  constructor(
    readonly location: S3Location,
    patience: S3Patience = USUAL_S3_PATIENCE,
  ) {
    const { endpoint, region, pathStyle } = location;
    // A server of one's own has no regions, but a request's signature names one.
    const named = region ?? (endpoint === undefined ? undefined : process.env['AWS_REGION'] || 'us-east-1');
    this.client = new S3Client({
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(named === undefined ? {} : { region: named }),
      forcePathStyle: pathStyle,
      maxAttempts: patience.attempts,
      requestHandler: {
        connectionTimeout: patience.connect,
        requestTimeout: patience.silence,
        throwOnRequestTimeout: true,
        socketTimeout: patience.silence,
      },
      // Whether a content is what its name says is checked by SHA-256, and a difference must be seen as what it is.
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  get bucket(): string {
    return this.location.bucket;
  }

  /** What every blob's key begins with. */
  get blobs(): string {
    return `${this.location.prefix}sha256/`;
  }

  blob(digest: BlobDigest): string {
    return `${this.blobs}${digest.slice(0, 2)}/${digest}`;
  }

  quarantined(digest: BlobDigest): string {
    return `${this.location.prefix}quarantine/${digest}`;
  }

  close(): void {
    this.client.destroy();
  }
}

import { CodedError } from '#kernel';

export type SandboxErrorCode = 'bad-image' | 'bad-keys' | 'bad-request' | 'unknown-snap' | 'unknown-revision';

/** What the sandbox store refuses; its administration answers with the code. */
export class SandboxError extends CodedError<SandboxErrorCode> {
  override readonly name = 'SandboxError';
}

/**
 * C2SP tlog-cosignature v1.0.1: what a witness signs. It says that as of `seconds` (POSIX), this was the largest consistent tree
 * of its origin that the witness had seen.
 */
export function cosignedMessage(seconds: bigint, checkpointBody: string): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${checkpointBody}`);
}

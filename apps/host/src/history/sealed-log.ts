import type { LogReader } from '#tlog';

/** A log's files under another checkpoint than the one beside them. */
export function sealedBy(checkpoint: string, files: LogReader): LogReader {
  return {
    read: (name) => (name === 'checkpoint' ? Promise.resolve(Buffer.from(checkpoint)) : files.read(name)),
  };
}

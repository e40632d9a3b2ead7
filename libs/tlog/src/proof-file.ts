import { decodeBase64 } from './base64.js';
import { TlogError } from './errors.js';
import { HASH_SIZE } from './hashing.js';

/** C2SP tlog-proof: one entry's proof with the checkpoint that it leads to, to be handed on by itself. */
export interface ProofFile {
  readonly index: bigint;
  /** Beside the entry, such as its bytes; covered by no signature. */
  readonly extra?: Buffer;
  /** The leaf's sibling first. */
  readonly path: readonly Buffer[];
  /** Verbatim, with all its signatures. */
  readonly checkpoint: string;
}

const HEADING = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^63 entries has no longer path. */
const MAX_PATH = 63;

export function formatProofFile({ index, extra, path, checkpoint }: ProofFile): string {
  const extraLine = extra ? [`extra ${extra.toString('base64')}`] : [];
  const lines = [HEADING, ...extraLine, `index ${index}`, ...path.map((hash) => hash.toString('base64'))];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Reads a proof; verifies nothing. @throws TlogError `malformed-proof` */
export function parseProofFile(text: string): ProofFile {
  const separator = text.indexOf('\n\n');
  const [heading, ...lines] = text.slice(0, Math.max(separator, 0)).split('\n');
  if (heading !== HEADING) throw new TlogError('malformed-proof', `a proof begins with ${HEADING}`);
  const extra = lines[0]?.startsWith('extra ') ? parseExtra(lines.shift() ?? '') : undefined;
  const index = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined || lines.length > MAX_PATH)
    throw new TlogError('malformed-proof', 'a proof names its index, then at most 63 hashes');
  const path = lines.map(parseHash);
  return { index: BigInt(index), path, checkpoint: text.slice(separator + 2), ...(extra && { extra }) };
}

function parseHash(line: string): Buffer {
  const hash = decodeBase64(line);
  if (hash?.length !== HASH_SIZE) throw new TlogError('malformed-proof', 'a line of the proof is not a hash');
  return hash;
}

function parseExtra(line: string): Buffer {
  const extra = decodeBase64(line.slice('extra '.length));
  if (!extra) throw new TlogError('malformed-proof', 'what the proof carries beside is not base64');
  return extra;
}

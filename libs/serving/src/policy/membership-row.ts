import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { ALL_RINGS } from '#release-control/published';
import { rowsIfThere } from './rows-if-there.js';
import type { SignedPolicy } from './signed-policy.js';

/** Milliseconds after which bytes that were altered in place, with nothing else that tells, are found and told of: what is obeyed meanwhile is what was verified. */
const WHOLE_EVERY_MS = 60_000;

/** The length of a bytea is known without its bytes. */
const VERSION = `position || ' ' || octet_length(document) || ' ' || note`;

interface Row {
  readonly ring: string;
  /** Null where it is no other one than is obeyed. */
  readonly document: Buffer | null;
  readonly note: string;
  /** Of what is read without its document: position, length and note. */
  readonly version: string;
}

/**
 * Reads the row of who is in which ring, over one connection. Its document may name tens of thousands of devices: one that is obeyed already is not sent again, and is hashed
 * once a minute at most in the database, and once here, until its row is another one.
 */
export class MembershipRow {
  private hashed: { readonly document: Uint8Array; readonly digest: Buffer } | undefined;
  /** The row that had the document that is obeyed, byte for byte. */
  private confirmed:
    { readonly document: Uint8Array; readonly version: string; readonly at: number } | undefined;

  /** @param now milliseconds, from any moment on */
  constructor(
    private readonly client: Pick<Client, 'query'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * @param obeyed the bytes of the document that is obeyed
   * @param rings whose rows are looked for beside it
   * @returns undefined where nothing was projected yet: the first event writes its row beside that of a ring
   */
  async read(
    obeyed: Uint8Array | undefined,
    rings: readonly string[],
  ): Promise<SignedPolicy | 'as obeyed' | 'missing' | undefined> {
    const digest = obeyed ? this.digestOf(obeyed) : null;
    const at = this.now();
    const isConfirmed =
      this.confirmed?.document === obeyed && at - (this.confirmed?.at ?? -Infinity) < WHOLE_EVERY_MS;
    const version = isConfirmed ? this.confirmed?.version : undefined;
    const rows = await rowsIfThere(
      this.client.query<Row>(
        `select ring, note, ${VERSION} as version,
           case when ring <> $1 or ${VERSION} = $4 then null
                when $2::bytea is null or sha256(document) <> $2 then document end as document
         from read.policy_document_v1 where ring = any($3)`,
        [ALL_RINGS, digest, [ALL_RINGS, ...rings], version ?? null],
      ),
    );
    if (rows.length === 0) return undefined;
    const row = rows.find(({ ring }) => ring === ALL_RINGS);
    if (!row) return 'missing';
    if (row.document !== null) return { document: row.document, note: row.note };
    if (obeyed && row.version !== version) this.confirmed = { document: obeyed, version: row.version, at };
    return 'as obeyed';
  }

  private digestOf(document: Uint8Array): Buffer {
    if (this.hashed?.document !== document)
      this.hashed = { document, digest: createHash('sha256').update(document).digest() };
    return this.hashed.digest;
  }
}

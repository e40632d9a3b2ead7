import pg from 'pg';
import { BlobHasher } from '#blob-store/blob-hasher';
import { BlobStoreError, type BlobFacts, type ExpectedBlob } from '#blob-store/port';
import { mayPass } from '#platform/database/passing-errors';
import { CLIENT_PATIENCE } from '#platform/http/client-patience';
import { HttpError } from '#platform/http/errors';
import { ReleaseControlError } from '../domain/errors.js';
import { AttachmentReader, lostAttachment } from './attachment-reader.js';
import { inParts } from './in-parts.js';

/** Bytes of a file in one row. */
const PART_BYTES = 256 * 1024;
/** So many files at once come, and so many rows are read; whoever comes then waits for a connection, and not for long. */
const CONNECTIONS = 4;
/** Ms: whoever stops half-way has their request ended first, which undoes what it had begun. */
const IDLE_UPLOAD_MS = CLIENT_PATIENCE.request + 30_000;

type Expected = Pick<ExpectedBlob, 'sha256'>;

interface Upload {
  readonly id: string | undefined;
  readonly facts: BlobFacts;
}

/** What is done around a file that is kept, while no other file of the same request is, on any server. */
export interface Turn<Named> {
  /** Whose files take turns: the stream of their request. */
  readonly of: string;
  /** Before the file is kept: what it throws keeps nothing. */
  mayBeKept(): Promise<void>;
  /** Once it is. */
  named(facts: BlobFacts): Promise<Named>;
}

/**
 * Schema `attachments`: the bytes of files by SHA-256, for control, which may add and read, and do nothing else (ADR 0041). A file is there whole or not at all, since its rows are one
 * transaction. One that no event names is worth nothing, so that it may be written before the event; the same bytes are there once.
 */
export class AttachmentStore {
  private readonly uploads: pg.Pool;
  /** Its own: uploads that have stopped half-way hold their connections. */
  private readonly reads: pg.Pool;
  private readonly reader: AttachmentReader;

  /** @param url of the database, with control's role */
  constructor(url: string) {
    const options = {
      connectionString: url,
      max: CONNECTIONS,
      statement_timeout: 10_000,
      connectionTimeoutMillis: 5_000,
    };
    this.uploads = new pg.Pool({ ...options, idle_in_transaction_session_timeout: IDLE_UPLOAD_MS });
    this.reads = new pg.Pool(options);
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    for (const pool of [this.uploads, this.reads]) pool.on('error', () => undefined);
    this.reader = new AttachmentReader(this.reads);
  }

  /**
   * @param most bytes that are taken
   * @throws ReleaseControlError `attachment-too-large`, `attachment-differs`, `invalid-attachment` for one without content; HttpError `unavailable` while the database is away or silent; what `content` throws: nothing is kept
   */
  async put(content: AsyncIterable<Uint8Array>, most: number, expected: Expected = {}): Promise<BlobFacts> {
    return this.connected(async (client) => {
      const upload = await this.write(client, content, most, new BlobHasher(expected));
      return this.keep(client, upload);
    });
  }

  /**
   * The same in a turn: of two files of one request that come at once, the second is asked about once the first is named, so that none is kept which its request then refuses.
   * @throws as {@link put}; HttpError `unavailable` too where the turn does not come; what `turn` throws
   */
  async putInTurn<Named>(
    content: AsyncIterable<Uint8Array>,
    most: number,
    expected: Expected,
    turn: Turn<Named>,
  ): Promise<Named> {
    return this.connected(async (client) => {
      const upload = await this.write(client, content, most, new BlobHasher(expected));
      // The session's, not the transaction's: it is held until the file is named, which is after the commit.
      await answered(
        client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`holdfast.attachments ${turn.of}`]),
      );
      await turn.mayBeKept();
      return turn.named(await this.keep(client, upload));
    });
  }

  /** In a transaction, which `work` commits. */
  private async connected<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await answered(this.uploads.connect());
    let broken: Error | undefined;
    // While it waits for bytes, no query of ours hears that the connection broke; the pool listens to idle ones alone.
    const onBroken = (error: Error): void => void (broken = error);
    client.on('error', onBroken);
    try {
      await answered(client.query('begin'));
      return await work(client);
    } catch (error) {
      broken ??= await failure(client.query('rollback'));
      throw error;
    } finally {
      broken ??= await failure(client.query('select pg_advisory_unlock_all()'));
      client.off('error', onBroken);
      client.release(broken);
    }
  }

  private async write(
    client: pg.PoolClient,
    content: AsyncIterable<Uint8Array>,
    most: number,
    hasher: BlobHasher,
  ): Promise<Upload> {
    const { rows } = await answered(client.query<{ upload: string }>('select gen_random_uuid() as upload'));
    const id = rows[0]?.upload;
    let [size, part] = [0, 0];
    for await (const bytes of inParts(content, PART_BYTES)) {
      size += bytes.length;
      if (size > most)
        throw new ReleaseControlError('attachment-too-large', `an attachment has at most ${most} bytes`);
      hasher.update(bytes);
      const insert = 'insert into attachments.part (upload, part, bytes) values ($1, $2, $3)';
      await answered(client.query(insert, [id, part++, bytes]));
    }
    if (size === 0) throw new ReleaseControlError('invalid-attachment', 'the file is empty');
    return { id, facts: finished(hasher) };
  }

  private async keep(client: pg.PoolClient, { id, facts }: Upload): Promise<BlobFacts> {
    const { rowCount } = await answered(
      client.query(
        `insert into attachments.file (sha256, sha3_384, size, upload) values ($1, $2, $3, $4)
         on conflict (sha256) do nothing`,
        [facts.sha256, facts.sha3_384, facts.size, id],
      ),
    );
    // What is there already is there once.
    await answered(client.query(rowCount === 0 ? 'rollback' : 'commit'));
    return facts;
  }

  open(sha256: string): AsyncGenerator<Uint8Array> {
    return this.reader.open(sha256);
  }

  /** That there is a file, by what its row says of it. @throws ReleaseControlError `attachment-lost`; HttpError `unavailable` while the database is away or silent */
  async require(sha256: string): Promise<void> {
    if ((await answered(this.reader.size(sha256))) === undefined) throw lostAttachment(sha256, 'is missing');
  }

  async close(): Promise<void> {
    await Promise.all([this.uploads.end(), this.reads.end()]);
  }
}

/**
 * What the database answers. Of what comes from whoever sends the file nothing is caught here: that their connection broke is no fault of ours.
 * @throws HttpError `unavailable` where it may be there again when it is asked again
 */
async function answered<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (cause) {
    if (!mayPass(cause)) throw cause;
    const says = 'the database that keeps attachments does not answer: ask again once it is back';
    throw new HttpError('unavailable', says, [], { cause });
  }
}

/** A connection that does not do this is closed, which does it. */
async function failure(query: Promise<unknown>): Promise<Error | undefined> {
  return query.then(
    () => undefined,
    (cause: Error) => cause,
  );
}

/** @throws ReleaseControlError `attachment-differs` */
function finished(hasher: BlobHasher): BlobFacts {
  try {
    return hasher.finish();
  } catch (cause) {
    if (!(cause instanceof BlobStoreError)) throw cause;
    throw new ReleaseControlError('attachment-differs', cause.message, { cause });
  }
}

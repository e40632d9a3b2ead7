import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver, { type Context } from 's3rver';
import { parseBlobsUrl, type S3Location } from '../blobs-url.js';
import { failing, type S3Fault } from './s3-faults.js';
import { multipartUploads } from './s3-multipart-uploads.js';

const BUCKET = 'kept';

/** An S3 server on this machine, of the npm package s3rver, with what that lacks and with faults to order. */
export class S3TestServer {
  /** What happens to a request in place of its answer. */
  fault: (request: Context) => S3Fault | undefined = () => undefined;
  /** Method and path of each request. */
  readonly requests: string[] = [];

  private constructor(
    private readonly server: S3rver,
    private readonly port: number,
    readonly folder: string,
  ) {}

  /** Its credentials are in this process' environment from here on, where the SDK looks for them. */
  static async start(): Promise<S3TestServer> {
    process.env['AWS_ACCESS_KEY_ID'] = 'S3RVER';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'S3RVER';
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-s3-'));
    const server = new S3rver({
      port: 0,
      address: '127.0.0.1',
      silent: true,
      // Else a name that it is reached by would be taken for a bucket's.
      vhostBuckets: false,
      directory: folder,
      configureBuckets: [{ name: BUCKET }],
    });
    server.middleware.unshift(
      async (context, next) => {
        made.requests.push(`${context.method} ${context.path}`);
        await failing(made.fault(context), context, next);
      },
      multipartUploads(join(folder, BUCKET)),
    );
    const { port } = await server.run();
    const made: S3TestServer = new S3TestServer(server, port, folder);
    return made;
  }

  /** As a site would write it. */
  url(prefix = '', bucket = BUCKET): string {
    return `s3://${bucket}/${prefix}?endpoint=http://127.0.0.1:${this.port}&region=us-east-1`;
  }

  location(prefix = '', bucket = BUCKET): S3Location {
    return locationOf(this.url(prefix, bucket));
  }

  /** Flips a bit of a blob, as a disk of the server may. */
  async damage(digest: string): Promise<void> {
    const names = await readdir(this.folder, { recursive: true });
    const name = names.find((each) => each.includes('sha256/') && each.endsWith(`${digest}._S3rver_object`));
    if (name === undefined) throw new Error(`there is no blob ${digest}`);
    const file = join(this.folder, name);
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
    await writeFile(file, bytes);
  }

  async close(): Promise<void> {
    this.fault = () => undefined;
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** @throws Error for a URL that is none */
export function locationOf(url: string): S3Location {
  const location = parseBlobsUrl(url);
  if (typeof location === 'string') throw new Error(`${url} ${location}`);
  return location;
}

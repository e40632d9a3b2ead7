import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What a run of `snap` did. It never throws for a status: refusing is often what a spec waits for. */
export interface SnapRun {
  readonly status: number;
  /** Both streams, as a person would see them. */
  readonly output: string;
}

export interface SnapDownload extends SnapRun {
  /** Undefined when the client refused. */
  readonly snap: Buffer | undefined;
  /** The assertion stream beside the snap. */
  readonly assertions: Buffer | undefined;
}

export interface DownloadOptions {
  readonly channel?: string;
  readonly revision?: number;
}

/** `snap download` and `snap known --direct` against a store: no daemon, no root. Dispose of it when done: it has a home of its own. */
export class SnapClient implements AsyncDisposable {
  private constructor(
    private readonly snapBin: string,
    private readonly storeUrl: string,
    private readonly architecture: string,
    private readonly home: string,
  ) {}

  /** @param architecture what the client says it is, a Debian name */
  static async for(snapBin: string, storeUrl: string, architecture = 'amd64'): Promise<SnapClient> {
    const home = await mkdtemp(path.join(tmpdir(), 'holdfast-snap-client-'));
    return new SnapClient(snapBin, storeUrl, architecture, home);
  }

  async download(name: string, { channel, revision }: DownloadOptions = {}): Promise<SnapDownload> {
    const directory = await mkdtemp(path.join(this.home, 'download-'));
    const run = await this.run([
      'download',
      `--target-directory=${directory}`,
      '--basename=snap',
      ...(channel === undefined ? [] : [`--channel=${channel}`]),
      ...(revision === undefined ? [] : [`--revision=${revision}`]),
      name,
    ]);
    const read = (file: string) => readFile(path.join(directory, file));
    if (run.status !== 0) return { ...run, snap: undefined, assertions: undefined };
    return { ...run, snap: await read('snap.snap'), assertions: await read('snap.assert') };
  }

  /** One `GET /v2/assertions/…`; the assertion is the output. */
  known(type: string, primaryKey: Readonly<Record<string, string>>): Promise<SnapRun> {
    const headers = Object.entries(primaryKey).map(([name, value]) => `${name}=${value}`);
    return this.run(['known', '--direct', type, ...headers]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  private run(args: readonly string[]): Promise<SnapRun> {
    // Nothing of the caller's environment: neither a store of its own nor an HTTP proxy may come between.
    const env = {
      PATH: process.env['PATH'],
      HOME: this.home,
      SNAPPY_FORCE_API_URL: this.storeUrl,
      SNAPPY_FORCE_SAS_URL: this.storeUrl,
      SNAPPY_TESTING: '1',
      UBUNTU_STORE_ARCH: this.architecture,
    };
    return new Promise((resolve, reject) => {
      const child = execFile(
        this.snapBin,
        args,
        { env, maxBuffer: 16 * 1024 * 1024 },
        (error, stdout, stderr) => {
          if (error !== null && child.exitCode === null) reject(error);
          else resolve({ status: child.exitCode ?? 0, output: stdout + stderr });
        },
      );
    });
  }
}

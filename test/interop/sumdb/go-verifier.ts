import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { existsSync } from 'node:fs';

/** Where Debian's golang-*-dev packages are: sources of a GOPATH, so that nothing is downloaded. */
const GOPATH = '/usr/share/gocode';
const SUMDB = `${GOPATH}/src/golang.org/x/mod/sumdb/tlog`;

/** Why the verifier cannot be built here; undefined when it can. */
export function whyNoGo(): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) return 'go is not installed (Debian: golang-go)';
  if (!existsSync(SUMDB)) return 'golang.org/x/mod is not installed (Debian: golang-golang-x-mod-dev)';
  return undefined;
}

export interface Verdict {
  readonly code: number;
  /** What it printed, to either stream. */
  readonly said: string;
}

/** `verify-ledger.go`, built. */
export class GoVerifier implements AsyncDisposable {
  private constructor(private readonly folder: string) {}

  static async build(): Promise<GoVerifier> {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-sumdb-'));
    const verifier = new GoVerifier(folder);
    const source = path.join(import.meta.dirname, 'verify-ledger.go');
    const env = {
      ...process.env,
      GO111MODULE: 'off',
      GOPATH,
      GOFLAGS: '',
      GOCACHE: path.join(folder, 'cache'),
    };
    const built = await run('go', ['build', '-o', verifier.program, source], { ...env, CGO_ENABLED: '0' });
    if (built.code !== 0) throw new Error(`verify-ledger.go does not build: ${built.said}`);
    return verifier;
  }

  verify(ledger: string, vkey: string): Promise<Verdict> {
    return run(this.program, [ledger, vkey], process.env);
  }

  private get program(): string {
    return path.join(this.folder, 'verify-ledger');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Verdict> {
  return new Promise((resolve) => {
    execFile(program, args, { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, said: `${stdout}${stderr}${error && stderr === '' ? error.message : ''}` });
    });
  });
}

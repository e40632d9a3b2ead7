import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const CLI = fileURLToPath(new URL('../../cli/src/main.js', import.meta.url));

/** The `holdfast` command, run as a person would run it, each person with a configuration folder of their own. */
export class Cli {
  constructor(private readonly environment: Readonly<Record<string, string>>) {}

  run(args: readonly string[], stdin = ''): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CLI, ...args], {
        env: { ...inherited(), ...this.environment, NO_COLOR: '1' },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', reject);
      child.on('close', (code) => resolve({ exitCode: code ?? 1, stdout, stderr }));
      child.stdin.on('error', () => undefined); // a command that fails early does not read its input
      child.stdin.end(stdin);
    });
  }

  /** Runs a command that must succeed. @returns what it printed */
  async must(args: readonly string[], stdin = ''): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args, stdin);
    if (exitCode !== 0)
      throw new Error(
        `holdfast ${withoutPasswords(args.join(' '))} ended with ${exitCode}:\n${stdout}${stderr}`,
      );
    return stdout;
  }

  async json<T>(args: readonly string[], stdin = ''): Promise<T> {
    return JSON.parse(await this.must([...args, '--format', 'json'], stdin)) as T;
  }
}

/** An error message is no place for the password in a database's URL. */
function withoutPasswords(text: string): string {
  return text.replaceAll(/\/\/[^@/\s]*@/g, '//…@');
}

/** The demo plays with servers of its own: no setting of the user's may lead it to a real site. */
function inherited(): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && !name.startsWith('HOLDFAST_') && !/^(DATABASE|EVENTSTORE|BLOBS)_URL$/.test(name),
  );
  return Object.fromEntries(own) as Record<string, string>;
}

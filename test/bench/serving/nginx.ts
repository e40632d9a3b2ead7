import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '#platform/database/free-port';
import { reached } from './reached.js';

export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** nginx with one worker, as it serves a folder by default: sendfile on, no log. @throws Error when it is not installed */
export async function startNginx(root: string): Promise<Nginx> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-nginx-'));
  const port = await freePort();
  // Its worker gives up root, and must still reach the files.
  for (const each of [folder, root]) await chmod(each, 0o755);
  await writeFile(path.join(folder, 'nginx.conf'), configuration(folder, root, port));
  const nginx = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'ignore' });
  await Promise.race([
    reached(port),
    once(nginx, 'exit').then(([code]) => Promise.reject(new Error(`nginx ended with ${String(code)}`))),
    once(nginx, 'error').then(() =>
      Promise.reject(new Error("nginx is missing: install Debian's nginx-light")),
    ),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const ended = once(nginx, 'exit');
      nginx.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, root: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  default_type application/octet-stream;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server { listen 127.0.0.1:${port}; root ${root}; }
}
`;
}

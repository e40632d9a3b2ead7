// The world beyond a site's edge: a sandbox store behind TLS. Arguments: folder, address, certificate, key. Says where its trust roots are.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { startSandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';

const [folder = '', address = '', cert = '', key = ''] = process.argv.slice(2);
const store = await startSandboxStore({ dir: join(folder, 'store'), keysDir: join(folder, 'keys') });
const { hostname, port } = new URL(store.url);
store.release('lab-hello', 'stable', 2);

const tls = { cert: readFileSync(cert), key: readFileSync(key) };
createServer(tls, (asked, answer) => {
  const headers = { ...asked.headers, 'x-forwarded-proto': 'https' };
  const inward = request({ hostname, port, path: asked.url, method: asked.method, headers }, (said) => {
    answer.writeHead(said.statusCode ?? 502, said.headers);
    said.pipe(answer);
  });
  inward.on('error', () => answer.destroy());
  asked.pipe(inward);
}).listen(443, address, () => process.stdout.write(`${store.trustRootsDir}\n`));

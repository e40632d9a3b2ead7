// The world beyond a site's edge: the hosts of a sandbox store behind TLS. Arguments: folder, address, certificate, key, its hosts. Says where its trust roots are.
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startSandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';

const [folder = '', address = '', cert = '', key = '', ...hosts] = process.argv.slice(2);
const [api, content, media, serials] = hosts;
const store = await startSandboxStore({ dir: join(folder, 'store'), keysDir: join(folder, 'keys') });
const { hostname, port } = new URL(store.url);
store.release('lab-hello', 'stable', 2);

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);
const ICON = JSON.stringify([{ type: 'icon', url: `https://${media}/icon.png` }]);

/** The API's as the real one is: downloads are elsewhere, icons too. */
function answer(asked: IncomingMessage, response: ServerResponse): void {
  const path = asked.url ?? '/';
  const host = asked.headers.host ?? '';
  switch (host) {
    case api:
      if (!path.startsWith('/api/v1/snaps/download/')) return pass(asked, response, path);
      response.writeHead(302, { location: `https://${content}${path}` }).end();
      return;
    case content:
      return pass(asked, response, path);
    case media:
      response.writeHead(200, { 'content-type': 'image/png' }).end(PICTURE);
      return;
    case serials:
      return pass(
        asked,
        response,
        `/api/v1/snaps/auth/${path === '/vault/serial' ? 'devices' : 'request-id'}`,
      );
    default:
      response.writeHead(404).end();
  }
}

function pass(asked: IncomingMessage, response: ServerResponse, path: string): void {
  const headers = { ...asked.headers, 'x-forwarded-proto': 'https' };
  const inward = request({ hostname, port, path, method: asked.method, headers }, (said) => {
    const { 'content-length': length, ...others } = said.headers;
    const status = said.statusCode ?? 502;
    if (!path.startsWith('/v2/snaps/info/')) {
      response.writeHead(status, {
        ...others,
        ...(length === undefined ? {} : { 'content-length': length }),
      });
      said.pipe(response);
      return;
    }
    void text(said).then((body) =>
      response.writeHead(status, others).end(body.replaceAll('"media":[]', `"media":${ICON}`)),
    );
  });
  inward.on('error', () => response.destroy());
  asked.pipe(inward);
}

const tls = { cert: readFileSync(cert), key: readFileSync(key) };
createServer(tls, answer).listen(443, address, () => process.stdout.write(`${store.trustRootsDir}\n`));

// Somebody who is told by webhooks. Arguments: address, certificate, key. Says a line for each message: the host that was asked, and what it takes for a CloudEvent's type.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';

const [address = '', cert = '', key = ''] = process.argv.slice(2);
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (asked, response) => {
  if (asked.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  void json(asked).then((message) => {
    const { type } = message as { type: unknown };
    process.stdout.write(`${JSON.stringify({ host: asked.headers.host, type })}\n`);
    response.writeHead(204).end();
  });
});
server.listen(443, address, () => process.stdout.write('listens\n'));

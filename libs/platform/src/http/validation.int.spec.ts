import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { validationPipe } from './validation.js';

it('leaves a body that nobody has read as it is, whatever the parameter is declared with', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answered = fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'a file' });
  const [body, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  // As the compiler declares a parameter whose type is imported as a type.
  const metadata = { type: 'body', metatype: Function } as const;
  const piped = (await validationPipe().transform(body, metadata)) as unknown;
  expect(piped).toBe(body);
  expect(await validationPipe().transform(Buffer.from('signed'), metadata)).toEqual(Buffer.from('signed'));
  response.end();
  await answered;
  server.close();
});

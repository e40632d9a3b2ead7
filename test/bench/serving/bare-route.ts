import { readFileSync } from 'node:fs';
import { fastify } from 'fastify';

/** The least that a Fastify server can do for a refresh: it parses the body as JSON and sends bytes that it has ready, those of the file named. */
const answer = readFileSync(process.argv[2] ?? '');
const server = fastify({ bodyLimit: 4 * 1024 * 1024 });
server.post('/v2/snaps/refresh', (_request, reply) =>
  reply.header('content-type', 'application/json').header('snap-store-version', '55').send(answer),
);
process.on('disconnect', () => process.exit(0));
process.send?.({ url: await server.listen({ port: 0, host: '127.0.0.1' }) });

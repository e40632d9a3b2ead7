// The site's identity provider, with keys and tokens at a host of their own. Arguments: address, certificate, key, its host, the other one, control's page. Says a line for each request: the host, and what for.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { answering, providerAt } from '#test/support/identity-provider';

const [address = '', cert = '', key = '', host = '', tokens = '', redirectUri = ''] = process.argv.slice(2);
const provider = providerAt(`https://${host}`, redirectUri);
provider.use(async (context, next) => {
  await next();
  if (context.path !== '/.well-known/openid-configuration') return;
  const said = context.body as Record<string, unknown>;
  for (const name of ['token_endpoint', 'jwks_uri'])
    said[name] = String(said[name]).replace(`//${host}/`, `//${tokens}/`);
});
const answer = answering(provider);
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
  process.stdout.write(`${request.headers.host} ${request.url?.replace(/[?].*/, '')}\n`);
  answer(request, response);
});
server.listen(443, address, () => process.stdout.write('listens\n'));

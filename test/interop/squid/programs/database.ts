// A site's PostgreSQL on a machine of its own. Arguments: folder, address. Says the owner's URL.
import { join } from 'node:path';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import { publish } from './publish.js';

const [folder = '', address = ''] = process.argv.slice(2);
const server = await EmbeddedPostgres.start({
  folder,
  passwordFile: join(folder, 'password'),
  durable: false,
});
process.once('SIGTERM', () => void server.stop().then(() => process.exit()));
const url = new URL(server.ownerUrl);
await publish(address, 5432, Number(url.port));
url.host = `${address}:5432`;
process.stdout.write(`${url.href}\n`);

// A site's bucket on a machine of its own. Arguments: name of that machine, address. Says what BLOBS_URL takes.
import { S3TestServer } from '#blob-store/testing/s3-test-server';
import { publish } from './publish.js';

const [name = '', address = ''] = process.argv.slice(2);
const server = await S3TestServer.start();
process.once('SIGTERM', () => void server.close().then(() => process.exit()));
const url = new URL(server.url());
await publish(address, 9000, Number(new URL(url.searchParams.get('endpoint') ?? '').port));
url.searchParams.set('endpoint', `http://${name}:9000`);
process.stdout.write(`${url.href}\n`);

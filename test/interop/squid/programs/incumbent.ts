// In the place of a running store proxy: a store of its own. Arguments: folder, folder of keys, address.
import { startSandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';

const [dir = '', keysDir = '', host = ''] = process.argv.slice(2);
await startSandboxStore({ dir, keysDir, host, port: 80 });
process.stdout.write('listens\n');

// The site's PostgreSQL at an address of its network, as a database server has one. Arguments: address, port there, port on loopback.
import { connect, createServer } from 'node:net';

const [address = '', port = '', inner = ''] = process.argv.slice(2);
createServer((outside) => {
  const inside = connect(Number(inner), '127.0.0.1');
  outside.pipe(inside).pipe(outside);
  inside.on('error', () => outside.destroy());
  outside.on('error', () => inside.destroy());
}).listen(Number(port), address, () => process.stdout.write('listens\n'));

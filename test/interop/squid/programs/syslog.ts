// A syslog server by TLS (RFC 5425). Arguments: address, certificate, key. Says all that comes.
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createServer } from 'node:tls';

const [address = '', cert = '', key = ''] = process.argv.slice(2);
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
  socket.on('error', () => undefined);
  void text(socket).then((said) => process.stdout.write(said === '' ? '' : `${said}\n`));
});
server.listen(6514, address, () => process.stdout.write('listens\n'));

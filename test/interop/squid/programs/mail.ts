// A site's mail server: 587 takes a mail after STARTTLS alone (RFC 3207), 25 knows of no TLS and takes all. Arguments: address, certificate, key. Says a line for each mail.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

const [address = '', cert = '', key = ''] = process.argv.slice(2);

async function listen(port: number, options: SMTPServerOptions): Promise<void> {
  const server = new SMTPServer({
    authOptional: true,
    // Of clients' names, of which no name server here knows.
    disableReverseLookup: true,
    onData: (stream, { secure }, done) => {
      let mail = '';
      stream.on('data', (chunk: Buffer) => (mail += String(chunk)));
      stream.on('end', () => {
        const [subject] = /^Subject: .*$/m.exec(mail) ?? [];
        process.stdout.write(`${JSON.stringify({ port, secure, subject })}\n`);
        done();
      });
    },
    ...options,
  });
  // Of clients that go away.
  server.on('error', () => undefined);
  await once(server.listen(port, address), 'listening');
}

await listen(587, {
  cert: readFileSync(cert),
  key: readFileSync(key),
  onMailFrom: (_from, { secure }, done) =>
    secure
      ? done()
      : done(Object.assign(new Error('Must issue a STARTTLS command first'), { responseCode: 530 })),
});
await listen(25, { disabledCommands: ['STARTTLS', 'AUTH'] });
process.stdout.write('listens\n');

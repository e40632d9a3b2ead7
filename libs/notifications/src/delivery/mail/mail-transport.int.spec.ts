import { createServer, type AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { aMessage } from '../../testing/a-message.js';
import { MailTransport } from './mail-transport.js';

const authority = TestAuthority.root();
const { pem: cert, keyPem: key } = authority.server(['localhost', '127.0.0.1']);

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

/** Somebody else's mail server. */
async function mailServer(options: SMTPServerOptions = {}) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    key,
    cert,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'pass:word' ? done(null, { user: username }) : done(new Error('no')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
          secure: session.secure,
          user: session.user as string | undefined,
        });
        done();
      });
    },
    ...options,
  });
  // Clients that are refused at the handshake are what some of these are about.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)));
  return { mails, port: (server.server.address() as AddressInfo).port };
}

interface More {
  readonly credentials?: string;
  readonly authorities?: string | undefined;
  readonly addresses?: readonly string[];
  readonly roles?: readonly string[];
  readonly patience?: number;
}

function transport(server: string, more: More = {}): MailTransport {
  const {
    credentials,
    authorities = authority.pem,
    addresses = ['qa@site.example'],
    roles = [],
    patience = 2_000,
  } = more;
  const target = { kind: 'mail', server, from: 'holdfast@site.example', roles, addresses } as const;
  const addressesOf = async (asked: readonly string[]) =>
    asked.includes('approver') ? ['ana@site.example'] : [];
  const made = new MailTransport({
    target,
    credentials,
    authorities,
    origin: 'site.example/log',
    addressesOf,
    patience,
  });
  onTestFinished(() => made.close());
  return made;
}

const { signal } = new AbortController();

describe('a mail', () => {
  it('is plain text by TLS, one to each, in which nobody can write a header', async () => {
    const { mails, port } = await mailServer({ secure: true });
    const sent = transport(`smtps://localhost:${port}`, {
      roles: ['approver'],
      credentials: 'holdfast:pass:word',
    });
    expect(await sent.send(aMessage({}, { detail: 'hunter2' }), signal)).toEqual({ kind: 'delivered' });
    expect(mails.map(({ to, from, secure, user }) => ({ to, from, secure, user }))).toEqual([
      { to: ['qa@site.example'], from: 'holdfast@site.example', secure: true, user: 'holdfast' },
      { to: ['ana@site.example'], from: 'holdfast@site.example', secure: true, user: 'holdfast' },
    ]);
    const text = mails[0]?.text ?? '';
    expect(text).toContain('Subject: [site.example/log] release-policy/production is halted\r\n');
    expect(text).toContain('Message-ID: <019e2c00-0000-7000-8000-000000000001@holdfast.invalid>\r\n');
    expect(text).toContain('Auto-Submitted: auto-generated\r\n');
    expect(text).not.toMatch(/^Bcc:/m);
    expect(text).not.toContain('hunter2');
    expect(text).toMatch(/^Content-Type: text\/plain/m);
    expect(text.replaceAll('=\r\n', '')).toContain(
      'Why:       incident: devices restart Bcc: all@site.example (INC-7)',
    );
  });

  it('goes on in TLS where the server begins in clear; on this machine also without', async () => {
    const { mails, port } = await mailServer();
    expect(await transport(`smtp://localhost:${port}`).send(aMessage(), signal)).toEqual({
      kind: 'delivered',
    });
    expect(mails[0]?.secure).toBe(true);
    const plain = await mailServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const elsewhere = transport(`smtp://localhost:${plain.port}`);
    expect(await elsewhere.send(aMessage(), signal)).toEqual({ kind: 'delivered' });
    expect(plain.mails[0]?.secure).toBe(false);
  });

  it('is tried again when the server is another one, away, or refuses us', async () => {
    const { mails, port } = await mailServer({ secure: true, authOptional: false });
    const stranger = TestAuthority.root('Other Root').pem;
    const cases = [
      transport(`smtps://localhost:${port}`, { authorities: stranger }),
      transport(`smtps://localhost:${port}`, { credentials: 'holdfast:wrong' }),
      transport('smtps://localhost:9'),
    ];
    for (const each of cases) expect(await each.send(aMessage(), signal)).toMatchObject({ kind: 'failed' });
    expect(JSON.stringify(await cases[1]?.send(aMessage(), signal))).not.toContain('wrong');
    expect(mails).toEqual([]);
  });

  it('that the server does not take for one goes to the others, and is noted; for nobody, it is tried again or refused', async () => {
    const { mails, port } = await mailServer({
      secure: true,
      onRcptTo: ({ address }, _session, done) => {
        const responseCode = address.startsWith('gone') ? 550 : 450;
        done(/^(gone|later)/.test(address) ? Object.assign(new Error('no'), { responseCode }) : null);
      },
    });
    const server = `smtps://localhost:${port}`;
    const sent = transport(server, {
      addresses: ['later@away.example', 'gone@site.example', 'qa@site.example'],
    });
    const note = '2 of 3 were not told: the mail server answers with 450 at RCPT TO';
    expect(await sent.send(aMessage(), signal)).toEqual({ kind: 'delivered', note });
    expect(mails.map(({ to }) => to)).toEqual([['qa@site.example']]);
    const nobody = transport(server, { addresses: ['gone@site.example'] });
    expect(await nobody.send(aMessage(), signal)).toMatchObject({ kind: 'refused' });
    const both = transport(server, { addresses: ['gone@site.example', 'later@away.example'] });
    expect(await both.send(aMessage(), signal)).toMatchObject({ kind: 'failed' });
  });

  it('ends, however slowly a server speaks', async () => {
    const slow = createServer((socket) => {
      socket.on('error', () => undefined);
      const speaking = setInterval(() => socket.write('2'), 50);
      socket.on('close', () => clearInterval(speaking));
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => void slow.close(() => resolve())));
    const { port } = slow.address() as AddressInfo;
    const sent = transport(`smtp://127.0.0.1:${port}`, { patience: 200 });
    const why = expect.stringMatching(/within 0\.8 s|cannot be reached/) as string;
    expect(await sent.send(aMessage(), signal)).toEqual({ kind: 'failed', why });
    await sent.close();
  });

  it('is for somebody, and for whole facts', async () => {
    const { mails, port } = await mailServer({ secure: true });
    const nobody = transport(`smtps://localhost:${port}`, { addresses: [], roles: ['qa'] });
    expect(await nobody.send(aMessage(), signal)).toEqual({
      kind: 'failed',
      why: 'nobody with the role qa has a mail address',
    });
    const part = aMessage({ type: 'ArtefactsCaptured' }, { part: [1, 2] });
    expect(await transport(`smtps://localhost:${port}`).send(part, signal)).toEqual({ kind: 'delivered' });
    expect(mails).toEqual([]);
  });

  it('ends at once with the worker', async () => {
    const { port } = await mailServer({ secure: true, onConnect: () => undefined });
    const stopping = new AbortController();
    const sending = transport(`smtps://localhost:${port}`).send(aMessage(), stopping.signal);
    stopping.abort(new Error('the worker is stopping'));
    await expect(sending).rejects.toThrow('the worker is stopping');
  });
});

import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeDesk } from '../../support/change-desk.js';
import { TICKET, TICKET_SECRET } from '../../support/ticket-system.js';
import { whyNoOpenssl } from './openssl-program.js';

const missing =
  whyNoOpenssl() ??
  (spawnSync('curl', ['--version']).status === 0 ? undefined : 'curl is not installed (Debian: curl)');

/** What the page has a ticket system send. */
const script = /## Answer\n.*?```sh\n(.*?)```/s.exec(
  readFileSync(new URL('../../../docs/how-to/gate-on-a-ticket.md', import.meta.url), 'utf8'),
)?.[1];

describe.skipIf(missing !== undefined)(
  `a ticket system with curl and OpenSSL${missing ? `: ${missing}` : ''}`,
  () => {
    let desk: ChangeDesk;
    beforeAll(async () => {
      desk = await ChangeDesk.open({ ana: ['author'] });
    });
    afterAll(() => desk?.close());

    it('R26: says how its ticket stands by the lines of the page, and by no other secret', async () => {
      const items = [{ snap: 'lab-hello', channel: 'stable', revision: 1 }];
      const id = await desk.submit('ana', { items, ticket: TICKET });
      desk.control.clock.set(new Date().toISOString());
      const url = await desk.control.listen();
      const send = (secret: string) =>
        promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script ?? 'exit 1'], {
          env: { PATH: process.env['PATH'], HOLDFAST_URL: url, SECRET: secret, REQUEST: id },
        });
      const other = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
      await expect(send(other)).rejects.toMatchObject({ stdout: expect.stringContaining('401') as string });
      expect(JSON.parse((await send(TICKET_SECRET)).stdout)).toMatchObject({ id, status: 'captured' });
      const reported = (await desk.control.history(`change-request/${id}`)).at(-1);
      expect(reported).toMatchObject({
        type: 'TicketStateReported',
        actor: { kind: 'service', id: 'control', for: 'ticket-system/servicedesk' },
        data: { state: 'approved', by: 'jane.doe', ticket: { id: 'CHG-2042' } },
      });
    });
  },
);

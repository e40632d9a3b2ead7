import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answers = (request: IncomingMessage, response: ServerResponse) => void;

/** In the place of a running store proxy: says what a test makes it say. */
export class StandInIncumbent {
  answers: Answers = (_, response) => response.end();

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<StandInIncumbent> {
    const server = createServer((request, response) => incumbent.answers(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const incumbent: StandInIncumbent = new StandInIncumbent(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      server,
    );
    return incumbent;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** A request that went over the line, and what came back. */
export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
  readonly answered: IncomingHttpHeaders;
}

interface Cut {
  /** How the request's path ends. */
  readonly file: string;
  readonly afterBytes: number;
}

/** Between a client and the proxy: nothing of what passes is changed, all of it is seen, and an answer can be cut off in its body. */
export class TappedLine implements AsyncDisposable {
  /** In the order in which the answers began. */
  private readonly seen: Exchange[] = [];
  private cut: Cut | undefined;

  private constructor(
    private readonly target: string,
    private readonly server = createServer(),
  ) {
    server.on('request', (request, response) => this.pass(request, response));
  }

  /** @param target where the proxy is, without a slash at its end */
  static async to(target: string): Promise<TappedLine> {
    const line = new TappedLine(target);
    line.server.listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    return line;
  }

  /** Without a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Of the next answer to a request for a file of this name, that many bytes come through, and then the connection ends. */
  cutOff(file: string, afterBytes: number): void {
    this.cut = { file, afterBytes };
  }

  /** What was for paths with this in them, since {@link forget}. */
  about(part: string): readonly Exchange[] {
    return this.seen.filter(({ path }) => path.includes(part));
  }

  forget(): void {
    this.seen.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url: path = '/', headers } = request;
    const onward = ask(`${this.target}${path}`, { method, headers }, (answer) => {
      const { statusCode: status = 0, headers: answered } = answer;
      this.seen.push({ method, path, headers, status, answered });
      response.writeHead(status, answer.rawHeaders);
      const { cut } = this;
      if (cut === undefined || !path.endsWith(cut.file)) return pipeline(answer, response, () => undefined);
      this.cut = undefined;
      void passSome(answer, response, cut.afterBytes).finally(() => onward.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }
}

async function passSome(answer: IncomingMessage, response: ServerResponse, bytes: number): Promise<void> {
  let left = bytes;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    response.write(piece.subarray(0, left));
    left -= piece.length;
    if (left <= 0) break;
  }
  response.socket?.destroySoon();
}

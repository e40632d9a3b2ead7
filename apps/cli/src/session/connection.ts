import { AttachmentCalls } from '../api/attachment-calls.js';
import { Control } from '../api/control.js';
import type { Cli } from '../cli.js';
import { fetchFromHome } from './home-certificate.js';
import { runningControl } from './home.js';
import { serverUrl } from './server-url.js';
import { SessionFile, type KeptSession } from './session-file.js';

/** The server that a command talks to, and what is remembered of it between commands. */
export class Connection {
  private constructor(
    readonly control: Control,
    /** Files of requests: of the same server. */
    readonly attachments: AttachmentCalls,
    readonly sessions: SessionFile,
    private readonly session: KeptSession | undefined,
  ) {}

  /** The token is HOLDFAST_TOKEN, else the one of the last `login` at this server, else none. */
  static async open(
    cli: Cli,
    asked: { readonly url?: string; readonly atLeast?: string },
  ): Promise<Connection> {
    const url = await serverUrl(cli.env, asked.url);
    const sessions = new SessionFile(cli.env);
    const token = cli.env['HOLDFAST_TOKEN'];
    const session = token === undefined || token === '' ? await sessions.get(url) : undefined;
    const ownHttps = url.startsWith('https:') && url === (await runningControl(cli.env));
    const fetchFrom = ownHttps ? await fetchFromHome(cli.env) : undefined;
    const given = token || session?.token;
    const control = new Control(url, given, asked.atLeast ?? session?.cursor, fetchFrom);
    return new Connection(control, new AttachmentCalls(url, given, fetchFrom), sessions, session);
  }

  /** A person's next command shows what this one did, though read models follow a moment later. */
  async remember(cursor: string | null | undefined): Promise<void> {
    if (this.session && cursor) await this.sessions.put(this.control.url, { ...this.session, cursor });
  }
}

export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'cut'; readonly why: string };

const PATIENCE_MS = 30_000;

export class NotSignedIn extends Error {}

/** Control's REST over plain fetch; a connection that is cut is an answer too. */
export class Rest {
  constructor(private readonly url: string) {}

  async post(path: string, body: object, token?: string): Promise<Answer> {
    return await this.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(token) },
      body: JSON.stringify(body),
    });
  }

  async postFile(path: string, content: string, token: string): Promise<Answer> {
    const headers = { 'content-type': 'application/octet-stream', ...bearer(token) };
    return await this.ask(path, { method: 'POST', headers, body: content });
  }

  /** @throws Error unless the answer is 2xx */
  async file(path: string, token: string): Promise<string> {
    const response = await fetch(this.url + path, {
      headers: bearer(token),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
    return await response.text();
  }

  /** @throws NotSignedIn for a session that is over; Error unless the answer is 2xx */
  async get<Body>(path: string, token: string): Promise<Body> {
    const answer = await this.ask(path, { headers: bearer(token) });
    if (answer.kind === 'answered' && answer.status < 300) return answer.body as Body;
    const said = `GET ${path}: ${answer.kind === 'cut' ? answer.why : JSON.stringify(answer.body)}`;
    throw answer.kind === 'answered' && answer.status === 401 ? new NotSignedIn(said) : new Error(said);
  }

  private async ask(path: string, init: RequestInit): Promise<Answer> {
    try {
      const response = await fetch(this.url + path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
      const text = await response.text();
      const body = (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
      return { kind: 'answered', status: response.status, body };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
      return { kind: 'cut', why: `${error instanceof Error ? error.message : String(error)}${cause}` };
    }
  }
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

import { createHash } from 'node:crypto';
import type { Findings } from '../findings.js';
import type { History } from './history.js';

/** Where files are given out: control's REST. */
interface Files {
  file(path: string, token: string): Promise<string>;
}

/** Each file that the history says was attached is given out, and is what its digest says: its bytes stand beside the history. */
export class Attachments {
  private readonly compared = new Set<string>();

  constructor(private readonly files: Files) {}

  async compare({ events }: History, token: string, findings: Findings): Promise<void> {
    for (const { envelope, position } of events) {
      if (envelope.type !== 'AttachmentAdded' || this.compared.has(envelope.id)) continue;
      const [, request] = envelope.stream.split('/');
      const { attachment } = envelope.data as { readonly attachment: string };
      const path = `/v1/change-requests/${request}/attachments/${attachment}`;
      const content = await this.files.file(path, token).catch(String);
      const digest = createHash('sha256').update(content).digest('hex');
      findings.expect(digest === attachment, `event ${position}: ${path} gives ${content.slice(0, 200)}`);
      this.compared.add(envelope.id);
    }
  }
}

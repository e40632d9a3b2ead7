import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what stands beside the history: AES-256-GCM with random nonces. Of people's changes there are far fewer than such a key bears (NIST SP
 * 800-38D, 8.3).
 */
export class Seal {
  /** @param key 32 bytes, for this purpose alone */
  constructor(private readonly key: Uint8Array) {}

  /** @param boundTo what the content is for: it opens for nothing else @returns nonce, content, tag */
  seal(boundTo: readonly string[], content: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(JSON.stringify(boundTo)));
    const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
  }

  /** Undefined for whatever was not sealed here for just that. */
  open(boundTo: readonly string[], sealed: Uint8Array): Buffer | undefined {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    try {
      const decipher = createDecipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(JSON.stringify(boundTo)));
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      const content = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
      return Buffer.concat([decipher.update(content), decipher.final()]);
    } catch {
      return undefined;
    }
  }
}

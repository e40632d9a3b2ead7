import { TlsError } from '#platform/tls/errors';
import { PEM_LIMIT } from '#platform/tls/pem-blocks';

/** Standard input, or what stands in for it. */
export interface Input extends AsyncIterable<Buffer | string> {
  /** A person's terminal: nobody types a certificate. */
  readonly isTTY?: boolean;
}

/** @throws TlsError `no-certificate` at a terminal, `certificate-too-large` as soon as there is too much */
export async function readInput(input: Input): Promise<string> {
  if (input.isTTY === true)
    throw new TlsError(
      'no-certificate',
      'give certificate, chain and key on standard input: cat fullchain.pem my.key | holdfast import-certificate …',
    );
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > PEM_LIMIT)
      throw new TlsError(
        'certificate-too-large',
        `what was given for a certificate and its key is larger than ${PEM_LIMIT / 1024} KiB`,
      );
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Base64 with padding, and only the one encoding that a value has: two spellings of one note would be two notes.
 * @returns undefined for anything else
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** `bytea`'s object id, of pg_type. */
const BYTEA = 17;
const HEADER = 20;

/**
 * A `bytea[]` as PostgreSQL's binary protocol has it: `pg` sends a Buffer as it is. As text each byte would be two characters, escaped here and
 * read again there. In 32-bit numbers, high byte first: dimensions, whether there are nulls, the elements' type, how many,
 * from which index; then each element's length and bytes.
 */
export function byteaArray(elements: readonly Uint8Array[]): Buffer {
  const size = elements.reduce((sum, { length }) => sum + 4 + length, HEADER);
  const array = Buffer.allocUnsafe(size);
  for (const [i, word] of [1, 0, BYTEA, elements.length, 1].entries()) array.writeInt32BE(word, 4 * i);
  let at = HEADER;
  for (const element of elements) {
    array.set(element, array.writeInt32BE(element.length, at));
    at += 4 + element.length;
  }
  return array;
}

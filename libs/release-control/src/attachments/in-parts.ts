/** The same bytes in parts of one size, the last one maybe smaller: however small the pieces are that they come in. */
export async function* inParts(content: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    let rest = piece;
    while (bytes + rest.length >= size) {
      const taken = size - bytes;
      yield Buffer.concat([...pieces, rest.subarray(0, taken)]);
      rest = rest.subarray(taken);
      [pieces, bytes] = [[], 0];
    }
    if (rest.length === 0) continue;
    pieces.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(pieces);
}

/** What a device needs to follow this store. */
export interface DeviceSetup {
  readonly storeId: string;
  /** Of the store assertion: an http(s) URL without white space. */
  readonly url: string;
  /** The store assertion and its chain. */
  readonly assertions: Uint8Array;
  /** Of a private authority, in PEM. */
  readonly authority: string | undefined;
}

/** An address of this store as it may stand between single quotes of a shell, and in a comment. */
export function addressOf({ url }: Pick<DeviceSetup, 'url'>, path = ''): string {
  return new URL(url).href.replace(/\/+$/, '').replaceAll("'", '%27') + path;
}

/** Lines of 76, as `base64` makes them. */
function base64Lines(bytes: Uint8Array): string[] {
  return (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  );
}

/** Lines of a POSIX shell that write a file. In Base64: what stands in it can then mean nothing to the shell. @param path a word of the shell, in quotes where it needs them */
export function fileLines(path: string, bytes: Uint8Array): string[] {
  return [`base64 -d >${path} <<'END'`, ...base64Lines(bytes), 'END'];
}

/** A log's static files, wherever they are: a folder, a web server, an archive. */
export interface LogReader {
  /** @param path below the log's prefix, such as `checkpoint` or `tile/0/000`. @returns undefined when there is no such file */
  read(path: string): Promise<Uint8Array | undefined>;
}

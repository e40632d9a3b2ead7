const KNOWN: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.log': 'text/plain',
  '.md': 'text/markdown',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.txt': 'text/plain',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
};

/** What a file's name says that it is; it is only told, and never trusted. */
export function mediaTypeOf(name: string): string {
  const ending = /\.[^./\\]+$/.exec(name)?.[0].toLowerCase() ?? '';
  return KNOWN[ending] ?? 'application/octet-stream';
}

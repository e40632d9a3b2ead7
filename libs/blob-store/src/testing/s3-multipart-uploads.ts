import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Middleware } from 's3rver';

/** Where s3rver keeps the uploads of a bucket that are not complete yet: a folder each, with the key in a file. */
export function uploadsFolder(bucket: string): string {
  return join(bucket, '._S3rver_uploads');
}

/** Lists and gives up uploads in parts, which s3rver 3.7 refuses. As S3's API reference says, without pages. */
export function multipartUploads(bucket: string): Middleware {
  const folder = uploadsFolder(bucket);
  return async (context, next) => {
    if (context.path.replace(/\/$/, '') === `/${basename(bucket)}` && 'uploads' in context.query) {
      const begun = await Promise.all((await namesIn(folder)).map((id) => describe(folder, id)));
      context.type = 'application/xml';
      context.status = 200;
      context.body = `<?xml version="1.0"?><ListMultipartUploadsResult>${begun.join('')}</ListMultipartUploadsResult>`;
      return;
    }
    const { uploadId } = context.query;
    if (context.method === 'DELETE' && uploadId !== undefined) {
      await rm(join(folder, uploadId), { recursive: true });
      context.status = 204;
      context.body = null;
      return;
    }
    await next();
  };
}

async function describe(folder: string, id: string): Promise<string> {
  const file = join(folder, id, 'key');
  const [key, { mtime }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
  return `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${mtime.toISOString()}</Initiated></Upload>`;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

import { describe, expect, it } from 'vitest';
import { parseBlobsUrl } from './blobs-url.js';

describe('BLOBS_URL', () => {
  it('names a bucket of Amazon', () => {
    expect(parseBlobsUrl('s3://kept-of-a-site')).toEqual({
      bucket: 'kept-of-a-site',
      prefix: '',
      endpoint: undefined,
      region: undefined,
      pathStyle: false,
    });
  });

  it('names a part of a bucket on another server', () => {
    expect(
      parseBlobsUrl('s3://kept/sites/one/?endpoint=http%3A%2F%2Fminio%3A9000&region=eu-central-1'),
    ).toEqual({
      bucket: 'kept',
      prefix: 'sites/one/',
      endpoint: 'http://minio:9000',
      region: 'eu-central-1',
      pathStyle: true,
    });
    expect(parseBlobsUrl('s3://kept?endpoint=https://s3.example&path-style=false')).toMatchObject({
      endpoint: 'https://s3.example',
      pathStyle: false,
    });
  });

  it.each([
    ['kept', /s3:/],
    ['https://bucket/prefix', /s3:/],
    ['s3://', /bucket/],
    ['s3://Kept', /bucket/],
    ['s3://kept:9000/x', /bucket/],
    ['s3://key:secret@kept/x', /credentials/],
    ['s3://kept/x?secret=y', /no parameters but/],
    ['s3://kept/a b', /prefix/],
    ['s3://kept/%2e%2e%00', /prefix/],
    ['s3://kept?endpoint=minio:9000', /endpoint/],
    ['s3://kept?endpoint=http://user:pw@minio:9000', /endpoint/],
    ['s3://kept?path-style=maybe', /path-style/],
  ])('is refused: %s', (text, why) => expect(parseBlobsUrl(text)).toMatch(why));
});

import { applyDecorators } from '@nestjs/common';
import { IsOptional, ValidateBy } from 'class-validator';
import { parseBlobsUrl } from '#blob-store/blobs-url';
import { FromEnv } from './config.js';

/** The URL of a bucket, as an S3Location; undefined when kept blobs are in a folder. */
export function BlobsUrl(variable: string): PropertyDecorator {
  const isLocation = ValidateBy({
    name: 'isS3Location',
    validator: {
      validate: (value) => typeof value === 'object',
      // What cannot be read is the end of a sentence that says why.
      defaultMessage: (given) => String(given?.value),
    },
  });
  // Secret, since whoever mistakes it for a place for credentials must not find them in the log.
  return applyDecorators(FromEnv(variable, { read: parseBlobsUrl, secret: true }), IsOptional(), isLocation);
}

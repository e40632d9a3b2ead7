import { isMissing } from './file-fingerprint.js';

/** What the disk gives, or undefined where it has no such file. @throws whatever else the disk fails with */
export async function ifThere<Result>(given: Promise<Result>): Promise<Result | undefined> {
  try {
    return await given;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What the disk gives, or undefined where it has no such file. @throws whatever else the disk fails with */
export async function ifThere<Result>(given: Promise<Result>): Promise<Result | undefined> {
  try {
    return await given;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

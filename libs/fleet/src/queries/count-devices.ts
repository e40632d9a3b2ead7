import type { ReadModels } from '#platform/http/read-models';

/**
 * How many devices have said what they have installed, each once, to whichever node; of those that showed a session, since nobody can say of how many devices the rest is.
 * @throws HttpError `not-yet-projected`, `unavailable`
 */
export async function countDevices(readModels: Pick<ReadModels, 'query'>): Promise<number> {
  const [counted] = await readModels.query<{ devices: number }>(DEVICES);
  return counted?.devices ?? 0;
}

const DEVICES = `
select count(distinct (brand, model, serial))::float8 as devices from read.installed_v1 where serial <> ''`;

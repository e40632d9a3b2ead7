import type { ReadModels } from '#platform/http/read-models';

/**
 * How many devices have said what they have installed, each once, to whichever node; of those that the store has accepted: of how many the rest is, nobody can say.
 * @throws HttpError `not-yet-projected`, `unavailable`
 */
export async function countDevices(readModels: Pick<ReadModels, 'query'>): Promise<number> {
  const [counted] = await readModels.query<{ devices: number }>(DEVICES);
  return counted?.devices ?? 0;
}

const DEVICES = `
select count(distinct (brand, model, serial))::float8 as devices from read.installed_v3 where proof = 'store'`;

import { channelMapOf, entryKey } from '../answer/info-answer.js';
import { snapIdOf } from '../answer/refresh-results.js';
import { parseObject } from '../routes/parse-object.js';
import { membersOf, revisionIn, shown, textOf, type Sayings } from './saying.js';

/** What an info says of each channel and architecture (protocol page 5.1). Undefined for what is none. */
export function readInfo(name: string, body: Buffer): Sayings | undefined {
  const info = parseObject(body);
  if (!info || !Array.isArray(info['channel-map'])) return undefined;
  const snapId = snapIdOf(info);
  const more = shown('snap-id', textOf(info['snap-id']));
  const sayings = channelMapOf(info).map((entry) => {
    const key = entryKey(entry) ?? '';
    const [architecture = '', channel = ''] = key.split(' ');
    const where = `${channel} ${architecture}`.slice(0, 200);
    return [
      key,
      { snapId, name, where, what: revisionIn(entry), members: { ...more, ...membersOf(entry) } },
    ] as const;
  });
  return new Map(sayings.filter(([key]) => key !== ''));
}

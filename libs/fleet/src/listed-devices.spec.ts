import { describe, expect, it } from 'vitest';
import { event } from '#apps/projector/fixtures/history';
import { encodeEvent, fold, type JsonValue } from '#kernel';
import { byPerson } from '#test/support/decider-specification';
import { deviceList, type DeviceListImported } from './domain/device-list/device-list.js';
import { listedDevices, type StreamHistory } from './listed-devices.js';

const versions = [
  ['acme/gateway/1'],
  Array.from({ length: 3_000 }, (_, n) => `acme/gateway/${'0'.repeat(30)}${n + 1e5}`),
  ['acme/gateway/3'],
];

function importedInTurn(): readonly DeviceListImported[] {
  return versions.reduce<readonly DeviceListImported[]>((history, devices) => {
    const command = {
      type: 'ImportDeviceList',
      list: 'lab',
      devices,
      context: byPerson('Olga', ['operator']),
    } as const;
    return [...history, ...deviceList.decide(command, fold(deviceList, history))];
  }, []);
}
const history = importedInTurn();
const list = fold(deviceList, history);

/** Counts what is read of it. */
class Stream implements StreamHistory {
  read = 0;
  constructor(private readonly events: readonly DeviceListImported[]) {}

  async *readStream(stream: string, from: bigint): AsyncIterable<{ readonly bytes: Uint8Array }> {
    for (const [i, { type, data }] of this.events.entries()) {
      if (i < from) continue;
      this.read++;
      yield await Promise.resolve({
        bytes: encodeEvent(event(stream, i, type, data as unknown as JsonValue)),
      });
    }
  }
}

describe('the devices of a version of a list', () => {
  it('are read back from the history, of that version and no other', async () => {
    for (const [i, devices] of versions.entries()) {
      const stream = new Stream(history);
      expect(await listedDevices(stream, 'lab', list, i + 1)).toEqual(devices);
      // Its own events, and the first behind them.
      expect(stream.read).toBeLessThanOrEqual((list[i]?.parts ?? 0) + 1);
    }
    expect(list[1]?.parts).toBeGreaterThan(1);
  });

  it('are not those of a history that gives others', async () => {
    const altered = history.map((each) =>
      each.data.version === 1 ? { ...each, data: { ...each.data, devices: ['acme/gateway/2'] } } : each,
    );
    await expect(listedDevices(new Stream(altered), 'lab', list, 1)).rejects.toThrow(
      'version 1 of the list lab is read back with other devices than were imported',
    );
    await expect(listedDevices(new Stream(history.slice(0, -1)), 'lab', list, 3)).rejects.toThrow(
      'version 3',
    );
  });

  it('are none of a version that there is not', async () => {
    await expect(listedDevices(new Stream(history), 'lab', list, 4)).rejects.toMatchObject({
      code: 'no-such-device-list',
      message: 'the list lab has no version 4, its newest is 3',
    });
    await expect(listedDevices(new Stream([]), 'lab', [], 1)).rejects.toMatchObject({
      message: 'there is no list of devices "lab"',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { deviceList, type DeviceListImported, type ImportDeviceList } from './device-list.js';

const { given } = specify(deviceList);
const operator = byPerson('Olga', ['operator']);
const [one, two] = ['acme/gateway/0001', 'acme/gateway/0002'];
const importing = (devices: readonly string[], context = operator): ImportDeviceList => ({
  type: 'ImportDeviceList',
  list: 'lab',
  devices,
  context,
});
const imported = (version: number, digest: string, ...devices: string[]): DeviceListImported => ({
  type: 'DeviceListImported',
  data: { list: 'lab', version, digest, count: devices.length, devices },
});
/** By `printf 'acme/gateway/0001\nacme/gateway/0002\n' | sha256sum`, and of the first line alone. */
const BOTH = '964fc2a13b417694427bdf36bc11ccfeb0dd235360a92e4931b4eb069835cbdb';
const FIRST = 'da52af2dee0e64eb6eab78e222213c8cc2ab8e407c7734349d358f34b8d90b76';

describe('a list of devices', () => {
  it('is imported whole, in order, each time as another version', () => {
    given()
      .when(importing([two, one]))
      .then(imported(1, BOTH, one, two));
    given(imported(1, BOTH, one, two))
      .when(importing([one]))
      .then(imported(2, FIRST, one));
  });

  it('that says the same again is no other version', () =>
    given(imported(1, BOTH, one, two))
      .when(importing([two, one]))
      .thenNothing());

  it('is an operator’s to import, of devices that it names, each once', () => {
    given()
      .when(importing([one], byPerson('Anna', ['author'])))
      .thenRefused('operator-required');
    given().when(importing([])).thenRefused('invalid-device-list');
    given()
      .when(importing([one, two, one]))
      .thenRefused('invalid-device-list');
    for (const wrong of ['0001', 'acme/gateway', 'acme/gate way/1', 'acme//1', 'a/b/c/d', 'acme/gateway/ö'])
      given()
        .when(importing([one, wrong]))
        .thenRefused('invalid-device-list');
    given()
      .when({ ...importing([one]), list: '../lab' })
      .thenRefused('invalid-device-list');
  });

  it('is held by its versions alone, however many it had: their devices stand in the history', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `acme/gateway/${String(n).padStart(30, '0')}`);
    let list = deviceList.initialState;
    for (let version = 1; version <= 10; version++)
      list = deviceList.decide(importing(many.slice(version)), list).reduce(deviceList.evolve, list);
    expect(list).toHaveLength(10);
    expect(list.at(-1)).toEqual({
      version: 10,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      count: 19_990,
      parts: 24,
    });
  });

  it('of thousands is spread over events that are small enough, and is one list', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `acme/gateway/${String(n).padStart(30, '0')}`);
    const events = deviceList.decide(importing(many), []);
    expect(events.length).toBeGreaterThan(1);
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(41_000);
    expect(events.flatMap(({ data }) => data.devices)).toEqual(many);
    expect(fold(deviceList, events)).toMatchObject([{ version: 1, count: 10_000, parts: events.length }]);
    const tooMany = Array.from({ length: 20_001 }, (_, n) => `acme/gateway/${n}`);
    given().when(importing(tooMany)).thenRefused('invalid-device-list');
  });
});

import { describe, expect, it } from 'vitest';
import { devicesIn } from './device-csv.js';

const read = (...lines: string[]) => devicesIn(lines.join('\n'), 'lab.csv');
const refusal = (text: string): unknown =>
  expect.objectContaining({ message: expect.stringContaining(text) as string });

describe('devices in a CSV file', () => {
  it('are one a line, whatever the order of the columns, and with others beside them', () => {
    expect(read('brand,model,serial', 'acme,gateway,0001', '"acme","gateway","0002"', '')).toEqual([
      'acme/gateway/0001',
      'acme/gateway/0002',
    ]);
    expect(read('\uFEFFSerial,Site,Brand,Model\r', '7,"Bern, hall 2",acme,gateway\r')).toEqual([
      'acme/gateway/7',
    ]);
    expect(read('site,brand,model,serial', ',acme,gateway,8')).toEqual(['acme/gateway/8']);
    expect(read('brand,model,serial,site', 'acme,gateway,9,')).toEqual(['acme/gateway/9']);
  });

  it('of ten thousand lines are read', () => {
    const lines = Array.from({ length: 10_000 }, (_, n) => `acme,gateway,${n}`);
    expect(read('brand,model,serial', ...lines)).toHaveLength(10_000);
  });

  it.each([
    [['brand,model', 'acme,gateway'], 'line 1 names no column serial'],
    [['acme,gateway,0001'], 'no column brand and no column model and no column serial'],
    [['brand,model,serial', 'acme,gateway'], 'line 2: 2 fields, where line 1 names 3 columns'],
    [['brand,model,serial', 'acme,gateway,1', 'acme,,2'], 'line 3: no model'],
    [['brand,model,serial', 'acme,gateway,a/b'], 'line 2: the serial "a/b" is not'],
    [
      ['brand,model,serial', 'acme,gateway,1', '', 'acme,gateway,1'],
      'line 4: acme/gateway/1 is in line 2 already',
    ],
    [['brand,model,serial', ''], 'lab.csv names no device'],
    [['brand,model,serial', ...Array.from({ length: 12 }, () => 'x')], 'and 2 more. Nothing was imported'],
  ])('with a fault are refused, with the line: %j', (lines, text) => {
    expect(() => read(...lines)).toThrow(refusal(text));
  });
});

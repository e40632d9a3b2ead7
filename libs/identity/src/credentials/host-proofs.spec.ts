import { describe, expect, it } from 'vitest';
import { HostProofs } from './host-proofs.js';

const AT = '2026-11-24T08:00:00.000Z';
const HOST = { name: 'plant-1', account: 'root, by sudo of oli', proof: 'proof-1' };
const proofs = new HostProofs(new Uint8Array(32).fill(7));
const { text, expiresAt } = proofs.make('ada', HOST, AT);

describe('the proof of a host', () => {
  it('says which host made it, within the hour, for whom it is', () => {
    expect(expiresAt).toBe('2026-11-24T09:00:00.000Z');
    expect(proofs.open(`${text}\n`, 'ada', AT)).toEqual(HOST);
    expect(proofs.open(text, 'ada', '2026-11-24T08:59:59.999Z')).toEqual(HOST);
  });

  it.each<[string, string, string, string]>([
    ['for somebody else', text, 'ben', AT],
    ['that is too old', text, 'ada', '2026-11-24T09:00:00.000Z'],
    ['of a clock that is far ahead', text, 'ada', '2026-11-24T06:59:59.999Z'],
    ['with another letter', text.replace('hfh_e', 'hfh_f'), 'ada', AT],
    ['with another end', `${text}A`, 'ada', AT],
    ['with more behind it', `${text}.A`, 'ada', AT],
    ['without its HMAC', text.slice(0, text.indexOf('.') + 1), 'ada', AT],
    ['of another site', new HostProofs(new Uint8Array(32).fill(8)).make('ada', HOST, AT).text, 'ada', AT],
    ['that is none', 'hfh_', 'ada', AT],
    ['that is empty', '', 'ada', AT],
    ['that is endless', `hfh_${'A'.repeat(10_000)}`, 'ada', AT],
  ])('R23: is refused %s', (_what, given, login, at) => {
    expect(() => proofs.open(given, login, at)).toThrow(
      expect.objectContaining({ code: 'host-proof-refused' }),
    );
  });
});

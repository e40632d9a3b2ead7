import { describe, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';
import { recordId, streamOfRecord } from './record-id.js';

describe('the id of a record', () => {
  it.each([
    ['cr-2026-42', 'CR-2026-0042'],
    ['CR-2026-0042', 'CR-2026-0042'],
    ['Cr-2026-12345', 'CR-2026-12345'],
    ['ar-3', 'AR-0003'],
    ['tr-0007', 'TR-0007'],
    ['pr-1', 'PR-0001'],
    // What the server refuses, in its words.
    ['42', '42'],
    ['cr-42', 'cr-42'],
    ['CR-2026-', 'CR-2026-'],
    ['../people', '../people'],
    ['nightly', 'nightly'],
  ])('typed as %s is %s', (typed, id) => expect(recordId(typed)).toBe(id));

  it.each([
    ['cr-2026-42', 'change-request/CR-2026-0042'],
    ['TR-0007', 'review/TR-0007'],
    ['change-request/CR-2026-0042', 'change-request/CR-2026-0042'],
    ['release-policy/pilot', 'release-policy/pilot'],
  ])('%s has the stream %s', (typed, stream) => expect(streamOfRecord(typed)).toBe(stream));

  it.each([
    [['audit', 'list', '--stream', 'cr-2026-42'], 'GET /v1/audit?stream=change-request%2FCR-2026-0042'],
    [['change', 'show', 'cr-2026-42'], 'GET /v1/change-requests/CR-2026-0042'],
    [['review', 'show', 'tr-7'], 'GET /v1/reviews/TR-0007'],
    [
      ['emergency', 'ratify', 'cr-2026-42', '--reason', 'seen with Olga at 07:30'],
      'GET /v1/change-requests/CR-2026-0042',
    ],
  ])('asks for it with %j', async (argv, request) => {
    const cli = new TestCli();
    cli.env['HOLDFAST_TOKEN'] = 'token';
    const { seen } = await cli.control({});
    await cli.run(argv);
    expect(seen[0]?.request).toBe(request);
  });
});

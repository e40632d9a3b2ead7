import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import { restoration, type RecordRestoration } from './restoration.js';

const { given } = specify(restoration);
const restored = { backup: 'b', events: '120', checkpoint: { size: '117', root: 'r' } };
const lost = { size: '140', root: 's' };

function record(changes: Partial<RecordRestoration> = {}): RecordRestoration {
  return { type: 'RecordRestoration', context: byWorker('restoration/1'), restored, lost: null, ...changes };
}

describe('a restoration', () => {
  it('says what was restored', () => given().when(record()).then({ type: 'SiteRestored', data: restored }));

  it('says what was given up, where a later state is known', () =>
    given()
      .when(record({ lost }))
      .then(
        { type: 'SiteRestored', data: restored },
        { type: 'RollbackAcknowledged', data: { restored: '120', lost } },
      ));

  it('is recorded once, however often it was interrupted', () =>
    given({ type: 'SiteRestored', data: restored }).when(record({ lost })).thenNothing());
});

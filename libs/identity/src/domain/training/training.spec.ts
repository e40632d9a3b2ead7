import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import {
  requireTrained,
  trainedRoles,
  training,
  type RecordTraining,
  type TrainingRecorded,
} from './training.js';

const { given } = specify(training);

const record: RecordTraining = {
  type: 'RecordTraining',
  person: 'id-of-Ben',
  role: 'approver',
  document: ' SOP-7 ',
  version: '3',
  until: '2027-11-30T00:00:00Z',
  context: byPerson('Ada', ['admin']),
};
const recorded: TrainingRecorded = {
  type: 'TrainingRecorded',
  data: { role: 'approver', document: 'SOP-7', version: '3', until: '2027-11-30T00:00:00Z' },
};
const ben = { name: 'Ben', login: 'ben' };
const IN_TIME = '2027-11-29T23:59:59.999Z';
const LATE = '2027-11-30T00:00:00.000Z';

describe('R35: a record of training', () => {
  it('says for which role, on which document and version, and until when', () => {
    given().when(record).then(recorded);
    given()
      .when({ ...record, context: byPerson('Quinn', ['qa']) })
      .then(recorded);
    given(recorded).when(record).thenNothing();
    given(recorded)
      .when({ ...record, version: '4' })
      .then({ ...recorded, data: { ...recorded.data, version: '4' } });
  });

  it('is an admin’s or qa’s to make, and nobody’s for themself', () => {
    for (const context of [
      byPerson('Oli', ['operator', 'approver']),
      byPerson('Pat', ['qa@pilot']),
      byWorker('x'),
    ])
      given()
        .when({ ...record, context })
        .thenRefused('not-an-admin');
    given()
      .when({ ...record, context: byPerson('Ben', ['qa']) })
      .thenRefused('own-rights');
    given()
      .when({ ...record, context: { ...record.context, reason: { code: 'x', text: 'short' } } })
      .thenRefused('reason-required');
  });

  it.each<Partial<RecordTraining>>([
    { document: ' ' },
    { version: '' },
    { document: 'x'.repeat(201) },
    { until: '2026-11-22T12:48:14.123Z' },
    { until: '2033-01-01T00:00:00Z' },
    { until: 'soon' },
  ])('is refused with %j', (wrong) =>
    given()
      .when({ ...record, ...wrong })
      .thenRefused('invalid-training'),
  );

  it('counts until its time, for its role alone', () => {
    const state = fold(training, [recorded]);
    expect(() => requireTrained(ben, 'approver', state, IN_TIME)).not.toThrow();
    expect(() => requireTrained(ben, 'approver', state, LATE)).toThrow(
      /SOP-7 version 3, was current until 2027-11-30/,
    );
    expect(() => requireTrained(ben, 'qa', state, IN_TIME)).toThrow(
      /no record that Ben is trained for the role qa/,
    );
    const held = ['author', 'approver@pilot', 'qa'] as const;
    expect(trainedRoles(held, state, IN_TIME)).toEqual(['author', 'approver@pilot']);
    expect(trainedRoles(held, state, LATE)).toEqual(['author']);
  });
});

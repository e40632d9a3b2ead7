import { describe, it } from 'vitest';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import type { Behind } from './behind.js';
import { holdKey, holds } from './holds.js';
import type { HoldEvaluated, HoldOverdueForReview } from './review-events.js';

const { given } = specify(holds);
const target = { format: 'snap', subject: 'abc', channel: 'latest/stable', architecture: 'amd64' } as const;
const hold = { target, name: 'core22', version: '7' };
const at = (day: string) => `2026-${day}T00:00:00.000Z`;
const SEPTEMBER: Behind = { upstream: '8', since: at('09-01'), offeredSince: at('09-01') };
const NEWER: Behind = { upstream: '9', since: at('09-01'), offeredSince: at('10-20') };

const look = (day: string, behind = SEPTEMBER) =>
  ({
    type: 'ReviewHold',
    hold,
    behind,
    afterDays: 30,
    context: byWorker('holds/pilot', { at: at(day) }),
  }) as const;
const overdue = (day: string, days: number, behind = SEPTEMBER): HoldOverdueForReview => ({
  type: 'HoldOverdueForReview',
  data: { ...hold, ...behind, at: at(day), days, afterDays: 30 },
});
const qa = byPerson('Quinn', ['qa@pilot'], { at: at('10-05') });
const evaluate = {
  type: 'EvaluateHold',
  ring: 'pilot',
  holds: [{ ...hold, changeRequest: 'CR-1' }],
  wrote: [{ author: { id: 'id-of-Ana', name: 'Ana' } }],
  offered: new Map([[holdKey(hold), '8']]),
  seen: ['8'],
  mitigation: 'the service is switched off here',
  until: at('12-01'),
  context: qa,
} as const;
const evaluated: HoldEvaluated = {
  type: 'HoldEvaluated',
  data: {
    ...hold,
    upstream: '8',
    seen: '8',
    mitigation: evaluate.mitigation,
    until: at('12-01'),
    at: at('10-05'),
    by: 'Quinn',
  },
};

describe('R37: a hold that is older than upstream', () => {
  it('is overdue for review after so many days, and not before', () => {
    given().when(look('09-30')).thenNothing();
    given().when(look('10-01')).then(overdue('10-01', 30));
  });

  it('is said to be so once for what upstream has', () =>
    given(overdue('10-01', 30)).when(look('11-30')).thenNothing());

  it('is said to be so again once yet another one has been there for as long', () => {
    given(overdue('10-01', 30)).when(look('11-18', NEWER)).thenNothing();
    given(overdue('10-01', 30))
      .when(look('11-19', NEWER))
      .then(overdue('11-19', 79, NEWER));
    given(overdue('10-01', 30), evaluated)
      .when(look('11-19', NEWER))
      .then(overdue('11-19', 79, NEWER));
  });

  it('stays once somebody who signs has evaluated it, with a mitigation and until when', () => {
    given(overdue('10-01', 30)).when(evaluate).then(evaluated);
    given(overdue('10-01', 30), evaluated).when(look('11-30')).thenNothing();
    given(overdue('10-01', 30), evaluated).when(look('12-01')).then(overdue('12-01', 91));
  });

  it('stays no longer than until then, whatever upstream has had meanwhile', () => {
    const justNow = { ...NEWER, offeredSince: at('11-25') };
    given(overdue('10-01', 30), evaluated).when(look('11-30', justNow)).thenNothing();
    given(overdue('10-01', 30), evaluated)
      .when(look('12-01', justNow))
      .then(overdue('12-01', 91, justNow));
  });

  it('is evaluated again by whoever has looked again', () =>
    given(overdue('10-01', 30), evaluated)
      .when({ ...evaluate, until: at('11-01') })
      .then({ ...evaluated, data: { ...evaluated.data, until: at('11-01') } }));

  it('is evaluated by who has seen what upstream has by now, which is in the event', () => {
    const moved = { ...evaluate, offered: new Map([[holdKey(hold), '9']]) };
    given(overdue('10-01', 30)).when(moved).thenRefused('upstream-moved');
    given(overdue('10-01', 30))
      .when({ ...moved, seen: ['8', '10'] })
      .thenRefused('upstream-moved');
    const seen = { ...evaluated, data: { ...evaluated.data, seen: '9' } };
    given(overdue('10-01', 30))
      .when({ ...moved, seen: ['8', '9'] })
      .then(seen);
    // Whoever saw 9 has said what they say of it: it is nothing new once it has been there for as long.
    given(overdue('10-01', 30), seen).when(look('11-19', NEWER)).thenNothing();
    // Upstream has closed the channel since: what was said last is what there was to look at.
    given(overdue('10-01', 30))
      .when({ ...evaluate, offered: new Map() })
      .then(evaluated);
  });

  it('was evaluated by an earlier release without that', () => {
    const { seen: _, ...data } = evaluated.data;
    given(overdue('10-01', 30), { ...evaluated, data })
      .when(look('11-30'))
      .thenNothing();
  });

  it('is evaluated by those who sign, until a time that is ahead and not far', () => {
    const refused = (more: object, code: string) =>
      given(overdue('10-01', 30))
        .when({ ...evaluate, ...more })
        .thenRefused(code);
    refused({ ring: 'production' }, 'hold-terms-need-a-signer');
    refused({ context: byPerson('Olga', ['operator']) }, 'hold-terms-need-a-signer');
    refused({ context: byPerson('Quinn', ['qa', 'admin']) }, 'hold-terms-need-a-signer');
    refused({ until: at('10-05') }, 'wrong-hold-terms');
    refused({ until: '2027-10-07T00:00:00.000Z' }, 'wrong-hold-terms');
    given().when(evaluate).thenRefused('wrong-hold-terms');
  });

  it('R27: is evaluated by nobody who wrote the request by which it is held, in whichever of their accounts', () => {
    const linked = new Map([
      ['id-of-Quinn', 'id-of-Ana'],
      ['id-of-Ana', 'id-of-Ana'],
    ]);
    const earlierAuthors = [{ id: 'id-of-Quinn', name: 'Quinn' }];
    for (const more of [
      { context: byPerson('Ana', ['author', 'qa'], { at: at('10-05') }) },
      { context: { ...qa, linked } },
      { wrote: [{ author: { id: 'id-of-Ana', name: 'Ana' }, earlierAuthors }] },
    ])
      given(overdue('10-01', 30))
        .when({ ...evaluate, ...more })
        .thenRefused('author-cannot-verify');
  });

  it('of another version is another hold', () =>
    given(overdue('10-01', 30))
      .when({ ...evaluate, holds: [{ ...hold, version: '8', changeRequest: 'CR-2' }] })
      .thenRefused('wrong-hold-terms'));
});

import { describe, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { changeRequest } from './change-request.js';
import type { ChangeRequestCommand } from './commands.js';
import type { DeliveryFigures } from './verification.js';
import {
  applied,
  approved,
  captured,
  closed,
  drafted,
  failed,
  fay,
  figures,
  found,
  submitted,
  verified,
  verify,
  worker,
} from './testing/one-request.js';

const { given } = specify(changeRequest);

describe('verifying', () => {
  const open = [drafted, submitted, captured, approved, applied] as const;

  it.each(['qa', 'operator'])('is recorded by somebody with the role %s, with what they looked at', (role) =>
    given(...open)
      .when({ ...verify, context: byPerson('Eva', [role]) })
      .then(verified),
  );
  it('that fails is recorded the same way', () =>
    given(...open)
      .when({ ...verify, passed: false })
      .then(failed));
  it('records the first hundred lines of figures, and how many more there were', () =>
    given(...open)
      .when({ ...verify, figures: Array<DeliveryFigures>(103).fill(figures) })
      .then({
        type: 'ChangeVerified',
        data: { ...found, figures: Array<DeliveryFigures>(100).fill(figures), figuresLeftOut: 3 },
      }));
  it('R27: is not the author’s', () =>
    given(...open)
      .when({ ...verify, context: byPerson('Ana', ['author', 'qa']) })
      .thenRefused('author-cannot-verify'));
  it.each([[['approver']], [['auditor']], [['admin', 'qa']], [['qa@pilot']], [[]]])(
    'is not for %j',
    (roles) =>
      given(...open)
        .when({ ...verify, context: byPerson('Eva', roles) })
        .thenRefused('not-a-verifier'),
  );
  it('is for people', () =>
    given(...open)
      .when({ ...verify, context: worker })
      .thenRefused('not-an-author'));
  it.each(['', 'looked     ', 'x'.repeat(2_001)])('says what was looked at: %j is refused', (lookedAt) =>
    given(...open)
      .when({ ...verify, lookedAt })
      .thenRefused('invalid-verification'),
  );
  it('is refused before the change is in force', () =>
    given(drafted, submitted, captured, approved).when(verify).thenRefused('not-allowed-in-status'));
  it('is done once: what failed is not looked at until it passes', () =>
    given(...open, failed)
      .when(verify)
      .thenRefused('not-allowed-in-status'));
});

describe('closing', () => {
  const close: ChangeRequestCommand = { type: 'CloseChange', context: fay };
  const open = [drafted, submitted, captured, approved, applied] as const;

  it('is done by QA once a change is verified', () =>
    given(...open, verified)
      .when(close)
      .then(closed));
  it('R27: is not done by who verified it', () =>
    given(...open, verified)
      .when({ ...close, context: byPerson('Eva', ['qa']) })
      .thenRefused('verifier-cannot-close'));
  it('is not done by an operator', () =>
    given(...open, verified)
      .when({ ...close, context: byPerson('Eva', ['operator']) })
      .thenRefused('not-a-verifier'));
  it('R27: is not done by the author', () =>
    given(...open, verified)
      .when({ ...close, context: byPerson('Ana', ['author', 'qa']) })
      .thenRefused('author-cannot-verify'));
  it('R25: is refused to what nobody verified, and to what failed', () => {
    given(...open)
      .when(close)
      .thenRefused('not-allowed-in-status');
    given(...open, failed)
      .when(close)
      .thenRefused('not-allowed-in-status');
  });
});

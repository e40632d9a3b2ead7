import { describe, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { changeRequest } from './change-request.js';
import type { HandOverChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { approve, author, captured, drafted, refused, submitted } from './testing/one-request.js';

const { given } = specify(changeRequest);

const to = { id: 'id-of-Cyd', name: 'Cyd', roles: ['author@default'] };
const handOver: HandOverChange = {
  type: 'HandOverChange',
  to,
  authorIsDisabled: true,
  context: byPerson('Ada', ['admin']),
};
const handedOver: ChangeRequestEvent = {
  type: 'ChangeHandedOver',
  data: { old: author, new: { id: 'id-of-Cyd', name: 'Cyd' } },
};
const cyd = byPerson('Cyd', ['author@default']);

describe('R28: what somebody was working on who left', () => {
  it('goes on with another author, who submits it', () => {
    given(drafted).when(handOver).then(handedOver);
    given(drafted, submitted, refused).when(handOver).then(handedOver);
    given(drafted, handedOver)
      .when({ type: 'SubmitChange', context: cyd })
      .then({ type: 'ChangeSubmitted', data: { submission: 1, at: cyd.at } });
  });

  it('is handed over again without a trace', () => given(drafted, handedOver).when(handOver).thenNothing());

  it('stays with who is not disabled, and with its author once others decide', () => {
    given(drafted)
      .when({ ...handOver, authorIsDisabled: false })
      .thenRefused('author-not-disabled');
    given(drafted, submitted).when(handOver).thenRefused('not-allowed-in-status');
    given(drafted, submitted, captured).when(handOver).thenRefused('not-allowed-in-status');
    given().when(handOver).thenRefused('no-such-change-request');
  });

  it('goes to an author in its ring, by an admin', () => {
    given(drafted)
      .when({ ...handOver, to: { ...to, roles: ['author@pilot', 'operator'] } })
      .thenRefused('not-an-author');
    given(drafted)
      .when({ ...handOver, context: byPerson('Quinn', ['qa', 'author', 'operator']) })
      .thenRefused('admin-required');
  });

  it('R27: is not signed by who has it now', () => {
    const events = [drafted, handedOver, submitted, captured];
    const context = byPerson('Cyd', ['approver'], { auth: 'password' });
    const signature = { ...approve.signature, signer: 'id-of-Cyd' };
    given(...events)
      .when({ ...approve, signature, context })
      .thenRefused('author-cannot-approve');
  });
});

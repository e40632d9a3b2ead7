import { expect, it } from 'vitest';
import { fold } from '#kernel';
import { specify } from '#test/support/decider-specification';
import { changeRequest } from '../../domain/change-request/change-request.js';
import type { ChangeRequestEvent } from '../../domain/change-request/events.js';
import {
  drafted,
  signatureBy,
  signed,
  submitted,
  uma,
  use,
} from '../../domain/change-request/testing/a-standard-change.js';
import { refused } from '../../domain/change-request/testing/one-request.js';
import { standardChangeOf } from './standard-change-view.js';

const attached: ChangeRequestEvent = {
  type: 'AttachmentAdded',
  data: {
    name: 'report.pdf',
    mediaType: 'application/pdf',
    size: 1,
    attachment: 'a'.repeat(64),
    sha3_384: 'b'.repeat(96),
    by: { id: 'id-of-Uma', name: 'Uma' },
    at: uma.at,
  },
};

it.each<[string, readonly ChangeRequestEvent[]]>([
  ['a draft', [drafted]],
  ['a draft with a file', [drafted, attached]],
  ['one whose capture was refused', [drafted, signed, submitted, refused]],
  ['one that got a file after its capture was refused', [drafted, signed, submitted, refused, attached]],
])(
  'what is shown to whoever signs %s as a standard change is what is asked of the signature',
  (_what, history) => {
    const state = fold(changeRequest, history);
    if (state.status === 'none') throw new Error('it is drafted');
    const { useDigest = '', record } = standardChangeOf(state) ?? {};
    const { given } = specify(changeRequest);
    const signature = signatureBy('Uma', useDigest);
    given(...history)
      .when({ ...use, signature })
      .then(
        { type: 'TemplateUseSigned', data: { signature, policyVersion: 0, roles: ['approver'] } },
        { type: 'ChangeSubmitted', data: { submission: state.submission + 1, at: uma.at } },
      );
    expect(record?.attachments).toEqual(state.files.length === 0 ? undefined : state.files);
  },
);

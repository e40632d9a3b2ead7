import { expect, it } from 'vitest';
import { holding, LAB_HELLO, LAB_TOOL } from '../answer/testing-manifests.js';
import { RingAccess } from '../policy/ring-access.js';
import { whyDiffers } from './why.js';

const held = holding({});
const tool = { subject: LAB_TOOL, name: 'lab-tool', format: 'snap' };
const denying = new RingAccess({ access: 'open', denied: [tool] });

it.each([
  ['held', RingAccess.open, LAB_HELLO, 'lab-hello', 'revision 2'],
  ['held', RingAccess.open, undefined, 'lab-hello', 'revision 2'],
  ['held', RingAccess.gated, LAB_HELLO, 'lab-hello', 'error revision-not-found'],
  ['not-captured', RingAccess.open, LAB_HELLO, 'lab-hello', 'error held-revision-unavailable'],
  ['denied', denying, LAB_TOOL, 'lab-tool', 'error name-not-found'],
  ['denied', denying, undefined, 'lab-tool', 'status 404'],
  ['not-approved', RingAccess.gated, LAB_TOOL, 'lab-tool', 'error name-not-found'],
  ['not-approved', RingAccess.gated, undefined, 'lab-tool', 'status 404'],
  ['upstream-unavailable', RingAccess.open, LAB_TOOL, 'lab-tool', 'status 503, error upstream-unavailable'],
  ['not-held', RingAccess.open, LAB_TOOL, 'lab-tool', 'revision 3'],
] as const)('says %s', (why, access, snapId, name, ours) => {
  expect(whyDiffers({ access, held }, { snapId, name, ours })).toBe(why);
});

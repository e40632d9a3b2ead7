import type { AccountDetails } from '../keys/authority.js';

/** Who made all snaps here. */
export const DEVELOPER: AccountDetails = {
  id: 'labdevlabdevlabdevlabdevlabdev00',
  username: 'labdev',
  displayName: 'Lab Developer',
  validation: 'verified',
};

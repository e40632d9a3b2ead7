import type { ReadLinkedAccounts } from '#platform/decide-and-append';
import { SAME_PERSON_STREAM, samePerson } from './domain/same-person/same-person.js';
import { linkedAccountsOf } from './domain/same-person/state.js';

/** Which accounts are one person's, of the register and never of a read model: what counts persons must not lag. */
export const readLinkedAccounts: ReadLinkedAccounts = async (streams, asOf) =>
  linkedAccountsOf((await streams.load(samePerson, SAME_PERSON_STREAM)).state, asOf);

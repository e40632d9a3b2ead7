import { signaturesOf, type ChangeRequest } from './state.js';

/** Ids of all whose signatures a request has: as its author, as a use of its template, or for what decides on it. */
export function signersOf(state: ChangeRequest): readonly string[] {
  const authored = 'authored' in state ? (state.authored ?? []) : [];
  const used = 'use' in state && state.use ? [state.use.signature] : [];
  return [...authored, ...used, ...signaturesOf(state)].map(({ signer }) => signer);
}

import type { ElectronicSignature, RecordedSignature, SignedUnder } from '../signature.js';

/** What an event says of a signature. */
export type Decision = Partial<SignedUnder> & {
  readonly signature: ElectronicSignature;
  readonly notCounted?: readonly string[];
};

/** As it stands in the request. */
export function recorded({ signature, policyVersion, roles, stages }: Decision): RecordedSignature {
  return {
    ...signature,
    ...(policyVersion === undefined ? {} : { policyVersion }),
    ...(roles === undefined ? {} : { roles }),
    ...(stages === undefined ? {} : { stages }),
  };
}

import { MOST_SOAK_HOURS } from '../change-request/plan.js';

/**
 * What a ring asks of an earlier one: a version takes effect here once it has been in force there, neither halted nor withheld, without a break. Of what sets a version alone: a hold that
 * ends, a list or a rule is nothing that soaks.
 */
export interface SoakRule {
  /** The earlier ring. */
  readonly ring: string;
  /** 0 to {@link MOST_SOAK_HOURS}; 0 where it is to be verified there and nothing more. */
  readonly hours: number;
  /** Whether somebody must have verified it there. */
  readonly verified: boolean;
}

/** What is wrong with a rule, in words; undefined: it can be meant. @param of the ring that it is a rule of */
export function soakProblem({ ring, hours, verified }: SoakRule, of: string): string | undefined {
  if (!/^[^\s]{1,255}$/.test(ring)) return `names "${ring}", which is no name of a ring`;
  if (ring === of) return `names ring ${ring} itself, which would then never get anything`;
  if (!Number.isInteger(hours) || hours < 0 || hours > MOST_SOAK_HOURS)
    return `asks for ${hours} hours: it must be 0 to ${MOST_SOAK_HOURS}, whole`;
  return hours === 0 && !verified
    ? 'asks for nothing: name the hours, or that it is verified there'
    : undefined;
}

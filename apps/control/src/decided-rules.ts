import type { CredentialRules } from '#identity/credentials/credential-rules';
import type { StreamWriter } from '#platform/decide-and-append';
import { settings, SETTINGS_STREAM } from '#site/domain/settings/settings';
import { isWeaker, type SigningSetting } from '#site/domain/settings/signing-settings';
import { siteSetting } from '#site/domain/settings/site-settings';

/** A value of the environment that would make signing easier than what is decided, and does not count. */
export interface PassedOver {
  readonly variable: string;
  readonly value: string;
  readonly decided: string;
}

/**
 * The rules by which people sign: what two of them decided, or what is built in; stricter where the environment is. It never makes a signature easier to make
 * (R22): whoever runs the machine would do alone what takes two.
 * @param given as the environment, or the launcher in it, says
 */
export async function decidedRules(
  streams: StreamWriter,
  given: CredentialRules,
): Promise<{ readonly rules: CredentialRules; readonly passedOver: readonly PassedOver[] }> {
  const { values } = (await streams.load(settings, SETTINGS_STREAM)).state;
  const passedOver: PassedOver[] = [];
  const stricter = (key: SigningSetting, value: string): string => {
    const { variable, fallback } = siteSetting(key);
    const decided = values.get(key) ?? fallback ?? value;
    if (!isWeaker(key, value, decided)) return value;
    passedOver.push({ variable, value, decided });
    return decided;
  };
  const secondComponent = stricter('second-component', given.secondComponent);
  const rules: CredentialRules = {
    secondComponent: secondComponent === 'required' ? 'required' : 'optional',
    signingPauseMinutes: Number(stricter('signing-pause-minutes', String(given.signingPauseMinutes))),
    sessionIdleMinutes: Number(stricter('session-idle-minutes', String(given.sessionIdleMinutes))),
    passwordDays: Number(stricter('password-days', String(given.passwordDays))),
    identityReference:
      stricter('identity-reference', given.identityReference) === 'required' ? 'required' : 'optional',
    training: stricter('training', given.training) === 'required' ? 'required' : 'optional',
  };
  return { rules, passedOver };
}

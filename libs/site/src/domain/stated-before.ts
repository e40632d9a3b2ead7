import { statedBefore, type StatedBefore, type StatedBeforeIn } from '#kernel';
import { knownClock, type ClockEvent, type ClockOf, type Clocks, type Synchronisation } from './clock.js';
import type { Certificate, CertificateImported, CertificateRemoved } from './certificate.js';
import type { Registration, RegistrationRemoved, StoreRegistered } from './registration.js';
import { isSecretKey } from './settings/secret-settings.js';
import type { Settings, SettingsEvent } from './settings/settings.js';

/** What events about the certificate say was before them (R03). */
export const statedOfCertificate: StatedBeforeIn<
  CertificateImported | CertificateRemoved,
  Certificate | null
> = {
  CertificateImported: ({ old }, state) => [statedBefore('old', old, state)],
  CertificateRemoved: ({ old }, state) => [statedBefore('old', old, state)],
};

/** The same of the registration. */
export const statedOfRegistration: StatedBeforeIn<
  StoreRegistered | RegistrationRemoved,
  Registration | null
> = {
  StoreRegistered: ({ old }, state) => [statedBefore('old', old, state)],
  RegistrationRemoved: ({ old }, state) => [statedBefore('old', old, state)],
};

/** The same of settings. Of a secret there is a digest. */
export const statedOfSettings: StatedBeforeIn<SettingsEvent, Settings> = {
  SettingChanged: ({ key, old }, state) => [
    statedBefore('old', old, isSecretKey(key) ? state.secrets.get(key) : state.values.get(key)),
  ],
  SettingRequested: ({ key, old }, { values }) => [statedBefore('old', old, values.get(key))],
  SettingRequestWithdrawn: ({ key, requested }, state) => [
    statedBefore('requested', requested, state.requested.get(key)?.new),
  ],
  SecretRevealed: ({ key, digest }, { secrets }) => [statedBefore('digest', digest, secrets.get(key))],
};

/** The same of what is known of clocks. */
export const statedOfClock: StatedBeforeIn<ClockEvent, Clocks> = {
  TimeSynchronisationNoted: synchronisationBefore,
  TimeSynchronisationLost: synchronisationBefore,
  ClockStepped: { because: 'what it expected is what the clock would have shown, which no event says' },
  ClockBehindHistory: null,
};

function synchronisationBefore(
  data: ClockOf & { readonly old: Synchronisation | null },
  state: Clocks,
): StatedBefore[] {
  return [statedBefore('old', data.old, knownClock(state, data)?.synchronisation)];
}

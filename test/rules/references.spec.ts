import { existsSync, globSync, readFileSync, statSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { recordCopies } from '#audit-trail/domain/record-copies';
import { deviceList } from '#fleet/domain/device-list/device-list';
import { deliveries } from '#fleet/domain/deliveries/deliveries';
import { node } from '#fleet/domain/node/node';
import { rings } from '#fleet/domain/rings/rings';
import { keptBlobs } from '#catalog/domain/kept-blobs/kept-blobs';
import { sync } from '#catalog/domain/sync/sync';
import { upstreamSnap } from '#catalog/domain/upstream-snap/upstream-snap';
import { watchList } from '#catalog/domain/watch-list/watch-list';
import { verification } from '#ledger/domain/verification/verification';
import { mailAddresses } from '#notifications/domain/mail-addresses/mail-addresses';
import { sinks } from '#notifications/domain/sinks/sinks';
import { changeRequest } from '#release-control/domain/change-request/change-request';
import { schedule } from '#release-control/domain/schedule/schedule';
import { training } from '#identity/domain/training/training';
import { token } from '#identity/domain/token/token';
import { holds } from '#release-control/domain/holds/holds';
import { releasePolicy } from '#release-control/domain/release-policy/release-policy';
import { ticketMessages } from '#release-control/domain/ticket-messages/ticket-messages';
import { tokenSubmissions } from '#release-control/domain/token-submissions/token-submissions';
import { commissioning } from '#identity/domain/commissioning/commissioning';
import { admins } from '#identity/domain/admins/admins';
import { identityReference } from '#identity/domain/identity-reference/identity-reference';
import { login } from '#identity/domain/login/login';
import { person } from '#identity/domain/person/person';
import { samePerson } from '#identity/domain/same-person/same-person';
import { signOnIdentity } from '#identity/domain/sign-on-identity/sign-on-identity';
import { signOnRefusals } from '#identity/domain/sign-on-refusals/sign-on-refusals';
import { securityKey } from '#identity/domain/security-key/security-key';
import { firstReviews } from '#reviews/domain/first-reviews/first-reviews';
import { LISTED_TYPES } from '#reviews/domain/periodic-lines';
import { review } from '#reviews/domain/review/review';
import { certificate } from '#site/domain/certificate';
import { clock } from '#site/domain/clock';
import { registration } from '#site/domain/registration';
import { restoration } from '#site/domain/restoration';
import { settings } from '#site/domain/settings/settings';
import { site } from '#site/domain/site';

const page = (name: string) => readFileSync(`docs/reference/${name}.md`, 'utf8');

function sources(pattern: string): string {
  const files = globSync(pattern).filter((file) => statSync(file).isFile());
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
}

const matches = (text: string, pattern: RegExp) =>
  new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''));

/** What a periodic review does not list one by one: what follows from a change request or goes as usual, is over again, or only leads to what is listed. */
const NOT_IN_A_REVIEW = `
  EmergencyApplied TemplateUsed OverrideRemoved OverrideSet PublisherChangesSet SnapAllowed SnapDenied SnapUnblocked SnapUnlisted
  ChannelClosed ChannelReleased ChannelsListed DeclarationChanged DeliveriesRecorded RevisionReturned RevisionSeen
  SnapAskedFor SnapFirstSeen SnapRenamed SnapUnwatched SnapWatched WatchedSnapIdentified
  SyncCompleted SyncProgressed SyncRequested SyncStarted DueDropped DueNoted HoldReminded HoldTermsSet
  NodeCameBack NodeHeardFrom NodeInvited NodeKeyEnded NodeKeyEnding NodeKeyRenewed ObservationRecovered
  TimeSynchronisationNoted SinkPaused SinkRecovered SinkReplayAsked SinkResumed SiteFounded SubmissionClaimed
  EnrolmentRenewed LoginReserved MailAddressSet PasswordChanged PasswordSet PersonReauthenticated ResetRequested
  AdminRemovalReserved RoleRequested SamePersonRequested SamePersonRevocationRequested IdentityReferenceRequested IdentityReferenceClaimed SecondFactorEnrolled SecondFactorOffered SecurityKeyClaimed SecurityKeyEnrolled SecurityKeyOffered
  SettingRequestWithdrawn SettingRequested SessionTimedOut SignedIn SignedOut SingleSignOnClaimed SingleSignOnRequested
  ReviewOpened ReviewSigned ReviewWithdrawn RightsDecided`
  .trim()
  .split(/\s+/);

describe('the reference pages', () => {
  it('name every event there is, and no other', () => {
    const ofPeople = [
      training,
      commissioning,
      login,
      person,
      samePerson,
      admins,
      identityReference,
      securityKey,
      signOnIdentity,
      signOnRefusals,
      token,
      tokenSubmissions,
      ticketMessages,
    ];
    const ofUpstream = [watchList, upstreamSnap, sync];
    const ofTheSite = [
      site,
      clock,
      recordCopies,
      certificate,
      registration,
      restoration,
      settings,
      sinks,
      mailAddresses,
      verification,
    ];
    const ofTheFleet = [node, deliveries, rings, deviceList];
    const kinds = [
      ...ofTheFleet,
      ...ofTheSite,
      ...ofPeople,
      changeRequest,
      review,
      firstReviews,
      releasePolicy,
      schedule,
      holds,
      keptBlobs,
      ...ofUpstream,
    ];
    const types = new Set(kinds.flatMap(({ versions }) => Object.keys(versions)));
    const rows = page('events')
      .split('\n')
      .filter((line) => /^\|.*\|.*\|.*\|$/.test(line))
      .slice(2);
    expect(matches(rows.map((row) => row.split('|')[2]).join('\n'), /`([A-Z]\w+)`/g)).toEqual(types);
  });

  it('name every event that a periodic review lists, and each that it does not is left out on purpose', () => {
    const types = matches(page('events'), /`([A-Z][a-z]\w+)`/g);
    expect(LISTED_TYPES.filter((type) => !types.has(type))).toEqual([]);
    // Of a change request the last event is listed, whatever it is.
    const listed = new Set([...LISTED_TYPES, ...Object.keys(changeRequest.versions)]);
    expect([...types].filter((type) => !listed.has(type)).sort()).toEqual([...NOT_IN_A_REVIEW].sort());
  });

  it('name tests that there are, of what the incumbent does', () => {
    const named = [...matches(page('enterprise-store-parity'), /`([\w./-]+\.spec\.ts)`/g)];
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('say of every direct dependency what it is for', () => {
    const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
      readFileSync('package.json', 'utf8'),
    ) as Record<string, Record<string, string>>;
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
    const explained = readFileSync('docs/explanation/dependencies.md', 'utf8');
    const short = (name: string) => (name.startsWith('@nestjs/') ? name.slice('@nestjs/'.length) : name);
    const unexplained = names.filter(
      (name) =>
        !name.startsWith('@types/') &&
        !explained.includes(`\`${name}\``) &&
        !explained.includes(`\`${short(name)}\``),
    );
    expect(unexplained).toEqual([]);
  });

  it('are what compose and the unit file set', () => {
    const set = matches(sources('{docker-compose.yml,deploy/**/*}'), /\b(HOLDFAST_[A-Z_]+)\b/g);
    const documented = page('settings');
    for (const name of set) expect(documented).toContain(`\`${name}\``);
  });
});

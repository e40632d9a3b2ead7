import type { Command } from 'commander';
import type { ChangeOutcome, ChangeView } from '../../api/types.js';
import type { EmergencyOfChange } from '../../api/emergency-of-change.js';
import { CliError } from '../../cli-error.js';
import type { Cli } from '../../cli.js';
import { readComponents, withBothWhenAsked } from '../../input/password.js';
import { reasonOf } from '../../input/reason.js';
import { digestOfShown, requireNamedDigest, withSigning, type SigningOptions } from '../../input/signing.js';
import { Invocation } from '../../invocation.js';
import { signaturesText } from '../../output/change.js';
import { fields } from '../../output/table.js';
import { textToSign } from '../../output/version-differences.js';
import { signInBrowser } from '../change/sign-in-browser.js';
import { recordId } from '../../input/record-id.js';

export function addRatify(emergency: Command, cli: Cli): void {
  const ratify = emergency
    .command('ratify')
    .description(
      'sign that what was released was right, also late; shows the release and asks for your password',
    )
    .argument('<id>', 'such as CR-2026-0042', recordId);
  withSigning(ratify).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<SigningOptions>(cli, command);
    const outcome = await signRatification(invocation, id, 'ratify');
    const { control } = await invocation.connect();
    const { missing } = await control.change(id);
    invocation.result(outcome, () => `${outcome.id} ${missing.length === 0 ? 'ratified' : 'signed'}\n`);
    for (const what of missing) invocation.say(`needed ${what}`);
  });
}

export function addRefuse(emergency: Command, cli: Cli): void {
  const refuse = emergency
    .command('refuse')
    .description('sign that what was released was not right: the ring is halted')
    .argument('<id>', 'such as CR-2026-0042', recordId);
  withSigning(refuse).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<SigningOptions>(cli, command);
    const outcome = await signRatification(invocation, id, 'refuse to ratify');
    invocation.result(outcome, () => `${outcome.id} refused\n`);
    const { control } = await invocation.connect();
    const { status } = await control.change(id);
    invocation.say(
      status === 'released' || status === 'stale'
        ? 'It had not taken effect, and never will.'
        : 'The worker halts the ring. What was there before comes back by a change request, and "holdfast resume".',
    );
  });
}

/**
 * Shows the record and the release, asks for the password, and signs the digest of both, which is computed here; or says where a browser does, with a security key or single sign-on.
 * @throws CliError `not-captured`, `record-digest-differs`
 */
async function signRatification(
  invocation: Invocation<SigningOptions>,
  id: string,
  meaning: 'ratify' | 'refuse to ratify',
): Promise<Pick<ChangeOutcome, 'id' | 'status'>> {
  const { options, cli } = invocation;
  const connection = await invocation.connect();
  const view = await connection.control.change(id);
  const emergency = requireEmergency(view);
  const { record } = emergency;
  const digest = digestOfShown('emergency-release', id, record, emergency.releaseDigest);
  requireNamedDigest(options, id, digest);
  const { release, ratifyBy } = record;
  const by = () =>
    fields([
      ['Released by', release.printedName],
      ['Date and time', release.signedAt],
      ['Approval policy', `version ${release.policyVersion}`],
      ['Ratify by', ratifyBy],
      ...(emergency.soakPassedOver ? [['Soak passed over', emergency.soakPassedOver] as const] : []),
    ]);
  invocation.say(() => textToSign(record, digest, by(), signaturesText(view)));
  const reason = reasonOf(options);
  if (options.securityKey || options.browser) {
    const { control } = connection;
    const shown = { id, digest, reason, ...IN_BROWSER[meaning] };
    const { status } = await signInBrowser(invocation, control, shown, () => control.change(id));
    return { id, status };
  }
  const typed = await readComponents(cli, options, `Password, to ${meaning} ${id} with your signature: `);
  const outcome = await withBothWhenAsked(typed, (components) => {
    const signature = { recordDigest: digest, ...components, reason };
    return meaning === 'ratify'
      ? connection.control.ratifyEmergency(id, signature)
      : connection.control.refuseRatification(id, signature);
  });
  await connection.remember(outcome.cursor);
  return outcome;
}

const IN_BROWSER = {
  ratify: { verb: 'ratify', meaning: 'ratified' },
  'refuse to ratify': { verb: 'refuse-ratification', meaning: 'ratification-refused' },
} as const;

function requireEmergency({ id, emergency }: ChangeView): EmergencyOfChange {
  if (emergency) return emergency;
  throw new CliError('not-captured', `${id} was not released in an emergency: there is nothing to ratify`);
}

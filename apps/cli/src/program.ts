import { Command, Option } from 'commander';
import type { Cli } from './cli.js';
import { addAccess } from './commands/access.js';
import { addApprovalPolicy } from './commands/approval-policy.js';
import { addAudit } from './commands/audit.js';
import { addBaseline } from './commands/baseline.js';
import { addCandidates } from './commands/candidates.js';
import { addChange } from './commands/change/change.js';
import { addCommissioning } from './commands/commissioning.js';
import { addConfig } from './commands/config.js';
import { addDeleteOverride } from './commands/delete-override.js';
import { addDevice } from './commands/device.js';
import { addEmergency } from './commands/emergency/emergency.js';
import { addHostCommands } from './commands/host.js';
import { addHalt, addResume } from './commands/halt.js';
import { addListOverrides } from './commands/list-overrides.js';
import { addLogin } from './commands/login.js';
import { addLogout } from './commands/logout.js';
import { addMeeting } from './commands/meeting.js';
import { addNodes } from './commands/nodes.js';
import { addRollBack } from './commands/roll-back.js';
import { addMatrix } from './commands/matrix.js';
import { addMembers } from './commands/members.js';
import { addReviews } from './commands/review/review.js';
import { addRings } from './commands/rings.js';
import { addQueue } from './commands/queue.js';
import { addPlan } from './commands/plan.js';
import { addPromote } from './commands/promote.js';
import { addOverride } from './commands/override.js';
import { addPassword } from './commands/password.js';
import { addPeople } from './commands/people.js';
import { addPolicy } from './commands/policy.js';
import { addSecondComponent } from './commands/second-component.js';
import { addSecurityKey } from './commands/security-key.js';
import { addShadow } from './commands/shadow.js';
import { addHolds } from './commands/holds/holds.js';
import { addSinks } from './commands/sinks/sinks.js';
import { addStatus } from './commands/status.js';
import { addSync } from './commands/sync.js';
import { addTemplate } from './commands/template/template.js';
import { addTokens } from './commands/tokens.js';
import { addValidationPack } from './commands/validation-pack.js';
import { addVerify } from './commands/verify.js';
import { addWhoGot } from './commands/who-got.js';
import { addWatch } from './commands/watch.js';
import { EXIT_MEANINGS } from './exit-codes.js';
import { FORMATS } from './invocation.js';

/** The command tree as the help lists it: what people come for first, the host's own last. */
const GROUPS: Readonly<Record<string, readonly ((program: Command, cli: Cli) => void)[]>> = {
  Yourself: [addLogin, addLogout, addPassword, addSecondComponent, addSecurityKey],
  'What devices get': [addOverride, addListOverrides, addDeleteOverride, addHolds, addAccess, addBaseline],
  Decisions: [
    addChange,
    addQueue,
    addPlan,
    addPromote,
    addTemplate,
    addMeeting,
    addApprovalPolicy,
    addPolicy,
  ],
  'The worst day': [addHalt, addResume, addEmergency, addRollBack],
  Upstream: [addCandidates, addWatch, addSync],
  'Rings and devices': [addRings, addMembers, addMatrix, addDevice, addWhoGot, addNodes, addShadow],
  'The record': [addAudit, addVerify, addReviews, addValidationPack],
  'People and programs': [addPeople, addTokens],
  'The site': [addStatus, addConfig, addSinks, addCommissioning],
  'On its host': [addHostCommands],
};

/** The whole command tree; the reference in docs/reference/cli.md is written from it. */
export function buildProgram(cli: Cli): Command {
  const program = new Command(cli.name)
    .description(
      'Keeps every device on the revision that was approved for it, and proves who decided what, when and why.',
    )
    .addOption(new Option('--format <format>', 'how results are written').choices(FORMATS).default('table'))
    .option('--url <url>', 'control\'s address (HOLDFAST_URL; else where "holdfast up" runs on this machine)')
    .option('--at-least <cursor>', 'read nothing older than this cursor, which an earlier command gave')
    // Of a command its name alone: with its arguments, the longest leave no room for what it does.
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => cli.stdout.write(text),
      writeErr: (text) => cli.stderr.write(text),
      // Errors are thrown, and said in one place and form.
      outputError: () => undefined,
    })
    .exitOverride();
  program.addHelpText('after', `\nExit codes:\n${exitCodes()}`);
  for (const [heading, adders] of Object.entries(GROUPS)) {
    program.commandsGroup(`${heading}:`);
    for (const add of adders) add(program, cli);
  }
  return program;
}

function exitCodes(): string {
  return Object.entries(EXIT_MEANINGS)
    .map(([code, meaning]) => `  ${code}  ${meaning}\n`)
    .join('');
}

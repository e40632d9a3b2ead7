import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTrustRoots } from '#snap';
import { Device, type Offer } from './device.js';
import { Narrator } from './narrator.js';
import { enrol, firstAdmin, type Player, type Site } from './people.js';
import { alterOneByte } from './tamper.js';
import { eventually } from './eventually.js';

export interface Stage extends Site {
  readonly proxy: string;
  readonly sandbox: string;
  /** Of the demo's own database, with a superuser's rights: what an attacker inside would have. */
  readonly superuserUrl: string;
}

const SNAP = 'lab-hello';
const STABLE = { channel: 'stable' };

/** The main job, from a release upstream to the proof of who decided what. Throws at the first thing that is not as it should be. */
export async function play(stage: Stage, narrator: Narrator): Promise<void> {
  const device = new Device(stage.proxy, await trustRoots(stage));
  const [ana, ben] = await people(stage, narrator);

  const first = await device.ask(SNAP, STABLE);
  narrator.step(
    `A device asks the proxy for ${SNAP} on stable: nothing is decided yet, it gets revision ${first.revision} from upstream.`,
  );
  expect(first.revision === 1, 'upstream should have revision 1 on stable');

  await release(stage.sandbox, 2);
  const unwanted = await device.ask(SNAP, STABLE);
  narrator.step(
    `Upstream releases revision 2 to stable. The device would get revision ${unwanted.revision}, which nobody has tested.`,
  );
  expect(unwanted.revision === 2, 'an open ring passes on what upstream released');

  const id = await submit(ana, narrator);
  await captured(ana, id, narrator);
  await refuseSelfApproval(ana, id, narrator);
  await approve(ben, id, narrator);

  const held = await eventually('the device gets revision 1', async () => {
    const offer = await device.ask(SNAP, STABLE);
    return offer.revision === 1 ? offer : undefined;
  });
  await verified(device, held, narrator);
  await refuseExplicit(device, narrator);

  await trail(ana, narrator);
  await proof(stage, ana, narrator);
}

async function people(site: Site, narrator: Narrator): Promise<[Player, Player]> {
  const admin = await firstAdmin(site);
  const ana = await enrol(site, admin, 'ana', 'Ana Petrova', 'author', 'approver');
  const ben = await enrol(site, admin, 'ben', 'Ben Okafor', 'approver');
  narrator.step(
    'The first admin enrols Ana Petrova (author, approver) and Ben Okafor (approver); each chooses a password of their own.',
  );
  return [ana, ben];
}

async function submit({ cli, login }: Player, narrator: Narrator): Promise<string> {
  narrator.step('Ana asks for revision 1 to be held, and says why. Nothing changes for devices yet.');
  const args = [
    'override',
    SNAP,
    'stable=1',
    '--reason',
    'revision 2 is not tested yet, see TP-88',
    '--ticket',
    'CHG-2042',
  ];
  narrator.typed(
    login,
    `holdfast override ${SNAP} stable=1 --reason "revision 2 is not tested yet, see TP-88" --ticket CHG-2042`,
  );
  const printed = await cli.must(args);
  narrator.printed(printed);
  const id = /CR-\d{4}-\d{4,}/.exec(printed)?.[0];
  if (id === undefined) throw new Error(`no change request was named in: ${printed}`);
  return id;
}

async function captured({ cli, login }: Player, id: string, narrator: Narrator): Promise<void> {
  await eventually(`${id} is captured`, async () => {
    const { status, failures } = await cli.json<{ status: string; failures: unknown }>([
      'change',
      'show',
      id,
    ]);
    if (status === 'capture-refused') throw new Error(`the capture was refused: ${JSON.stringify(failures)}`);
    return status === 'captured' ? status : undefined;
  });
  narrator.step(
    'The worker resolved it to exact targets, verified the publisher’s signatures up to a trusted root, and kept everything.',
  );
  narrator.typed(login, `holdfast change show ${id}`);
  narrator.printed(await cli.must(['change', 'show', id]));
}

async function refuseSelfApproval(
  { cli, login, password }: Player,
  id: string,
  narrator: Narrator,
): Promise<void> {
  const args = ['change', 'approve', id, '--reason', 'I am sure that this is right', '--password-stdin'];
  const { exitCode, stderr } = await cli.run(args, `${password}\n${login}\n`);
  expect(exitCode !== 0, 'nobody approves their own request');
  narrator.step('Ana may approve, but not what she asked for herself.');
  narrator.typed(login, `holdfast change approve ${id} …`);
  narrator.printed(`${lastLine(stderr)} (exit code ${exitCode})`);
}

async function approve(
  { cli, login, name, password }: Player,
  id: string,
  narrator: Narrator,
): Promise<void> {
  const reason = 'tested as TP-88 says, on two devices';
  const printed = await cli.must(
    ['change', 'approve', id, '--reason', reason, '--password-stdin'],
    `${password}\n${login}\n`,
  );
  narrator.step(`${name} reads the record and signs its digest, with password and login given again.`);
  narrator.typed(login, `holdfast change approve ${id} --reason "${reason}"`);
  narrator.printed(printed);
}

async function verified(device: Device, held: Offer, narrator: Narrator): Promise<void> {
  const size = await device.fetchAndVerify(held);
  narrator.step(
    `The device asks again and gets revision ${held.revision}, though upstream has 2: ${size} bytes, and the publisher’s own signatures verify.`,
  );
}

async function refuseExplicit(device: Device, narrator: Narrator): Promise<void> {
  const refusal = await device.ask(SNAP, { revision: 2 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(
    refusal instanceof Error && refusal.message.startsWith('revision-not-found'),
    'revision 2 must not be served',
  );
  narrator.step('It asks for revision 2 by number, and is told that there is none.');
}

async function trail({ cli, login }: Player, narrator: Narrator): Promise<void> {
  narrator.step('Who did what, when, and why:');
  narrator.typed(login, 'holdfast audit list');
  narrator.printed(await cli.must(['audit', 'list']));
}

async function proof(
  { home, superuserUrl }: Stage,
  { cli, login }: Player,
  narrator: Narrator,
): Promise<void> {
  const ledger = join(home, 'ledger');
  narrator.step('The history is sealed: a Merkle log in open formats, checked offline.');
  narrator.typed(login, 'holdfast verify');
  narrator.printed(await cli.must(['verify', ledger, '--database', superuserUrl]));

  const position = await alterOneByte(superuserUrl, 'OverrideSet');
  narrator.step(
    `A superuser changes one byte of the database’s copy of event ${position}, past every trigger. The comparison names it:`,
  );
  narrator.typed(login, 'holdfast verify --database …');
  const { exitCode, stdout, stderr } = await cli.run(['verify', ledger, '--database', superuserUrl]);
  expect(exitCode === 6, `verify should have ended with 6, not with ${exitCode}`);
  expect(`${stdout}${stderr}`.includes(position), `verify should have named position ${position}`);
  narrator.printed(`${stdout}${stderr}`.trim());

  narrator.step('The ledger’s own files still verify: what was sealed is what was sealed.');
  narrator.printed(await cli.must(['verify', ledger]));
}

async function release(sandbox: string, revision: number): Promise<void> {
  const response = await fetch(`${sandbox}/sandbox/releases`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ snap: SNAP, channel: 'stable', revision }),
  });
  expect(response.ok, `the sandbox store answered ${response.status}`);
}

/** What the device was made to trust when it left the factory; here, the sandbox store's root. */
async function trustRoots({ home }: Site) {
  const dir = join(home, 'sandbox', 'trust-roots');
  const files = await readdir(dir);
  return loadTrustRoots(await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8'))));
}

function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`the demo did not go as it should: ${what}`);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

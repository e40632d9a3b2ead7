import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run as runCli } from '#apps/cli/src/run';
import { freePort } from '#platform/database/free-port';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import { auditTrailProjections } from '#audit-trail/projections';
import { releaseControlProjections } from '#release-control/projections';
import { reviewsProjections } from '#reviews/projections';
import { capturedRequest } from '#test/support/captured-request';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { ProjectorOnDemand } from '#test/support/project';
import { byPerson } from '#test/support/decider-specification';
import { releasedEmergency } from '#test/support/released-emergency';
import { askForReview, preAuthorise } from '#test/support/ring-rules';
import { missingProgram } from '../systemd/unit.js';
import { Complaints } from './complaints.js';

const run = promisify(execFile);
const missing = await missingProgram('chromium');
/** Where to put pictures of the page, for somebody who wants to look at it. */
const pictures = process.env['HOLDFAST_TEST_PICTURES'];

describe.skipIf(missing !== undefined)(
  `the page for security keys, in Chromium${missing === undefined ? '' : ` (${missing} is missing)`}`,
  () => {
    let control: ControlUnderTest;
    let client: pg.Client;
    let projector: ProjectorOnDemand;
    let url: string;
    let browser: Browser;
    let page: Page;
    let devtools: CDPSession;
    let root: string;
    let ben: string;
    let complaints: Complaints;

    beforeAll(async () => {
      root = await mkdtemp(path.join(tmpdir(), 'holdfast-chromium-'));
      const port = await freePort();
      url = `http://localhost:${port}`;
      control = await ControlUnderTest.start({ url });
      await control.listen(port);
      const admin = await control.admin();
      ben = await control.enrol(admin, 'ben', ['author', 'approver', 'qa']);
      await control.enrol(admin, 'ada', ['qa']);
      client = new pg.Client({ connectionString: control.database.url('projector') });
      await client.connect();
      projector = await ProjectorOnDemand.start(client, control.adapters.store, [
        ...auditTrailProjections(),
        ...releaseControlProjections(),
        ...reviewsProjections(),
      ]);
      browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--host-resolver-rules=MAP localhost 127.0.0.1'],
      });
      // As narrow as a phone.
      page = await browser.newPage({ viewport: { width: 380, height: 720 } });
      complaints = new Complaints(page);
      devtools = await page.context().newCDPSession(page);
      await devtools.send('WebAuthn.enable');
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await client?.end();
      await control?.stop();
      await rm(root, { recursive: true, force: true });
    });

    /** A command line that nobody types at, and the address of a page that it prints. */
    function commandLine(env: Readonly<Record<string, string>>) {
      let shown = '';
      let printed = '';
      const link = Promise.withResolvers<string>();
      const stderr = {
        write: (text: string) => {
          shown += text;
          const found = /^http:\S+#\S+$/m.exec(shown)?.[0];
          if (found !== undefined) link.resolve(found);
        },
      };
      const stdout = { write: (text: string) => (printed += text) };
      const stdin = Readable.from([]);
      const cli = { name: 'holdfast', env, stdin, stdout, stderr, hostProgram: '' };
      return { cli, link: link.promise, shown: () => shown, printed: () => printed };
    }

    async function plugIn(isUserVerified = true): Promise<string> {
      const options = {
        protocol: 'ctap2',
        transport: 'usb',
        hasUserVerification: true,
        isUserVerified,
        automaticPresenceSimulation: true,
      } as const;
      return (await devtools.send('WebAuthn.addVirtualAuthenticator', { options })).authenticatorId;
    }

    async function picture(name: string): Promise<void> {
      await complaints.lookAtWidth(name);
      if (pictures !== undefined)
        await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
    }

    /** With the keyboard alone: the first field has the focus. */
    async function signIn(): Promise<void> {
      await page.keyboard.type('ben');
      await page.keyboard.press('Tab');
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
    }

    const said = () => page.locator('#said');

    /** What somebody is linked to, signed in. */
    async function open(wanted: Readonly<Record<string, string>>): Promise<void> {
      await page.goto('about:blank');
      await page.goto(`${url}/security-key#${new URLSearchParams({ ...wanted, ...linked }).toString()}`);
      await page.locator('#sign-in').waitFor();
      await signIn();
    }

    async function sign(expected: string): Promise<void> {
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
      await said().filter({ hasText: expected }).waitFor();
    }

    it('R22: enrols a key, with the keyboard alone', async () => {
      await plugIn();
      const response = await page.goto(`${url}/security-key`);
      const policy = response?.headers()['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'");
      expect(policy).not.toContain('unsafe');
      await page.locator('#sign-in').waitFor();
      await picture('1-sign-in');
      await signIn();
      await page.getByRole('heading', { name: 'Your security keys' }).waitFor();
      for (const text of ['blue one', REASON.text, PASSWORD]) {
        await page.keyboard.type(text);
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('#enrol').getByLabel('Login').waitFor();
      await page.keyboard.type('ben');
      await page.keyboard.press('Enter');
      await said().filter({ hasText: '“blue one” is enrolled' }).waitFor();
      await picture('2-enrolled');
      expect(await page.locator('#key-list').innerText()).toContain('blue one');
    });

    it('R19, R22: signs in and signs with it, and the script finds the signature good', async () => {
      const mark = { code: 'new-hook', text: 'hook <b>install</b>: runs by itself, as root, from now on' };
      const difference = { lines: [], marks: [mark], omitted: 2 };
      const window = { notBefore: '2026-11-01T00:00:00.000Z', notAfter: '2099-01-01T00:00:00.000Z' };
      const more = { difference, window, supersedes: 'CR-2026-0099' };
      const { id, recordDigest } = await capturedRequest(control, 1, more);
      await projector.catchUp();
      await open({ approve: id, digest: recordDigest });
      await page.getByRole('heading', { name: `Approve ${id}` }).waitFor();
      expect(await page.locator('#digest').innerText()).toBe(recordDigest);
      expect(await page.locator('#changes').innerText()).toContain('lab-hello latest/stable amd64');
      const record = await page.locator('#record').innerText();
      for (const text of [...Object.values(window), more.supersedes]) expect(record).toContain(text);
      expect(await page.locator('#marks').innerText()).toBe(
        `lab-hello 1: ${mark.text}\nlab-hello 1: 2 lines or marks are not in the record, or not whole`,
      );
      await picture('3-to-be-signed');
      await sign(`You signed: ${id} is approved`);
      await picture('4-signed');
      const event = (await control.history(changeRequestStream(id))).at(-1);
      expect(event).toMatchObject({
        type: 'ChangeApproved',
        reason: REASON,
        data: { signature: { components: ['password', 'security-key'], securityKey: { origin: url } } },
      });
      await projector.catchUp();
      const token = await session();
      const shown = await control.ask('GET', `/v1/change-requests/${id}`, { token });
      const file = path.join(root, 'change.json');
      await writeFile(file, shown.text);
      const verified = await run(process.execPath, ['tools/verify-signature.mjs', file]);
      expect(verified.stdout).toMatch(/^good/);
    });

    it('R19: signs nothing that is not as it was shown before', async () => {
      const { id } = await capturedRequest(control, 2);
      await projector.catchUp();
      await open({ approve: id, digest: 'f'.repeat(64) });
      await said()
        .filter({ hasText: `${id} is not as you were shown it` })
        .waitFor();
      await picture('5-refused');
      expect(await page.locator('#decision').isVisible()).toBe(false);
    });

    it('R17, R19: shows a review, and signs it with its own meaning', async () => {
      const token = await control.signIn('ada');
      const post = async (at: string, body: object) => {
        const { status, text, json } = await control.ask('POST', at, {
          token,
          body: { ...body, reason: REASON },
        });
        if (status !== 200) throw new Error(text);
        return String(json['id']);
      };
      await projector.catchUp();
      const id = await post('/v1/reviews/periodic', { from: '2026-11-01T00:00:00Z' });
      const text = 'a <b>copy</b> of this morning';
      const found = { kind: 'verifier-result', text, passed: true, entries: '1000', root: 'ab'.repeat(32) };
      await post(`/v1/reviews/${id}/findings`, found);
      await projector.catchUp();
      const shown = await control.ask('GET', `/v1/reviews/${id}`, { token });
      await open({ review: id, digest: String(shown.json['recordDigest']) });
      await page.getByRole('heading', { name: `Sign the review ${id}` }).waitFor();
      expect(await page.locator('#digest').innerText()).toBe(shown.json['recordDigest']);
      expect(await page.locator('#record').innerText()).toContain('reviewed');
      const lines = await page.locator('#changes').innerText();
      expect(lines).toContain('changes: ArtefactsCaptured of change-request/');
      expect(lines).toContain(`verifier-result by ada of the team: ${text}`);
      await picture('7-review');
      await sign(`You signed: ${id} is completed`);
      expect((await control.history(`review/${id}`)).at(-1)).toMatchObject({
        type: 'ReviewCompleted',
        data: { signature: { meaning: 'reviewed', securityKey: { origin: url } } },
      });
    });

    it('R19, R22: signs what the command line shows, which waits for it', async () => {
      const { id } = await capturedRequest(control, 3);
      await projector.catchUp();
      await page.goto('about:blank');
      await page.goto(`${url}/security-key`);
      await page.locator('#sign-in').waitFor();
      const opened = page.waitForResponse((it) => it.url().endsWith('/v1/sessions') && it.status() === 201);
      await signIn();
      const { token } = (await (await opened).json()) as { readonly token: string };
      const waiting = commandLine({ HOLDFAST_URL: url, HOLDFAST_TOKEN: token });
      const approve = ['change', 'approve', id, '--security-key', '--reason', REASON.text];
      const ran = runCli(approve, waiting.cli);
      await page.goto('about:blank');
      await page.goto(await waiting.link);
      await page.locator('#sign-in').waitFor();
      // The login is filled in already.
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `Approve ${id}` }).waitFor();
      await sign('You signed');
      await projector.catchUp();
      expect(await ran).toBe(0);
      expect(waiting.shown()).toContain('lab-hello');
      expect(waiting.printed()).toBe(`${id} approved\n`);
    });

    it('R28: signs the command line in, whoever has no code', async () => {
      // Opened at the other address of this machine, it goes to where the key answers.
      const HOLDFAST_URL = url.replace('localhost', '127.0.0.1');
      const { cli, link, shown, printed } = commandLine({
        HOLDFAST_URL,
        XDG_CONFIG_HOME: path.join(root, 'config'),
      });
      const ran = runCli(['login', 'ben', '--browser'], cli);
      const address = await link;
      const port = new URLSearchParams(new URL(address).hash.slice(1)).get('cli') ?? '';
      expect((await fetch(`http://127.0.0.1:${port}/callback?code=x&state=guessed`)).status).toBe(404);
      await page.goto('about:blank');
      await page.goto(address);
      await page.locator('#sign-in').waitFor();
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Sign in the command line?' }).waitFor();
      const check = await page.locator('#check').innerText();
      expect(shown()).toContain(check);
      await picture('6-hand-over');
      await page.keyboard.press('Enter');
      await page.getByText('The command line is signed in.').waitFor();
      expect(await ran).toBe(0);
      expect(await runCli(['security-key', 'list'], cli)).toBe(0);
      expect(printed()).toContain('blue one');
    });

    it('R17, R19: shows a draft to its author, and submits it with their signature', async () => {
      const id = 'CR-2026-0004';
      const item = { format: 'snap', name: 'lab-hello', channel: 'edge', version: '4' } as const;
      const { actor, ...context } = byPerson('ben of the team', ['author']);
      await control.adapters.streams.decideAndAppend(changeRequest, changeRequestStream(id), {
        type: 'DraftChange',
        id,
        ring: 'default',
        items: [item],
        submit: false,
        context: { ...context, actor: { ...actor, id: ben } },
      });
      const token = await session();
      await projector.catchUp();
      const shown = await control.ask('GET', `/v1/change-requests/${id}`, { token });
      const { digest } = shown.json['draft'] as { readonly digest: string };
      await open({ submit: id, digest });
      await page.getByRole('heading', { name: `Submit, as its author, ${id}` }).waitFor();
      expect(await page.locator('#digest').innerText()).toBe(digest);
      expect(await page.locator('#changes').innerText()).toBe('lab-hello edge: 4');
      await sign(`You signed: ${id} is submitted`);
      const events = await control.history(changeRequestStream(id));
      expect(events.map(({ type }) => type)).toEqual(['ChangeDrafted', 'ChangeAuthored', 'ChangeSubmitted']);
      expect(events[1]).toMatchObject({
        data: { signature: { meaning: 'authored', recordDigest: digest, securityKey: { origin: url } } },
      });
    });

    it('R17, R22, R26: shows a change to who reviews it, says that this approves nothing, and signs the review', async () => {
      await askForReview(control);
      const { id, recordDigest } = await capturedRequest(control, 8);
      await projector.catchUp();
      await open({ 'review-change': id, digest: recordDigest });
      await page.getByRole('heading', { name: `Review, which approves nothing, ${id}` }).waitFor();
      expect(await page.locator('#sign-button').innerText()).toBe(
        'Review, which approves nothing, with your signature',
      );
      await picture('10-review-change');
      await sign(`You signed: ${id} is in-review`);
      expect((await control.history(changeRequestStream(id))).at(-1)).toMatchObject({
        type: 'ChangeReviewed',
        data: { signature: { meaning: 'reviewed', recordDigest, securityKey: { origin: url } } },
      });
    });

    it('R17, R22, R26: shows an emergency to who is on call, with what a release means, and releases it', async () => {
      await preAuthorise(control, { person: ben, login: 'ben' });
      const { id, recordDigest } = await capturedRequest(control, 5);
      await projector.catchUp();
      await open({ release: id, digest: recordDigest });
      await page.getByRole('heading', { name: `Release ${id}` }).waitFor();
      const record = await page.locator('#record').innerText();
      expect(record).toContain('You release this to ring default, now, alone.');
      expect(record).toContain('two others must ratify it within 12 hours, or the ring is halted');
      expect(await page.locator('#changes').innerText()).toContain('lab-hello latest/stable amd64');
      await picture('8-release');
      await sign(`You signed: ${id} is released`);
      expect((await control.history(changeRequestStream(id))).at(-1)).toMatchObject({
        type: 'EmergencyReleased',
        data: { signature: { meaning: 'released', recordDigest, securityKey: { origin: url } } },
      });
    });

    it.each([
      ['ratify', 'Ratify', 'was right', 'ratified', 6, ' It needs more signatures: 1 more signature.'],
      ['refuse-ratification', 'Refuse to ratify', 'not right', 'ratification-refused', 7, ''],
    ] as const)(
      'R17, R22, R26: shows a release to who signs about it afterwards, with what it means: %s',
      async (verb, says, means, meaning, number, needed) => {
        const { id, releaseDigest: digest } = await releasedEmergency(control, number);
        await projector.catchUp();
        await open({ [verb]: id, digest });
        await page.getByRole('heading', { name: `${says} ${id}` }).waitFor();
        expect(await page.locator('#digest').innerText()).toBe(digest);
        const record = await page.locator('#record').innerText();
        expect(record).toContain(means);
        expect(record).toMatch(/Eva, 2026-/);
        expect(await page.locator('#changes').innerText()).toContain('lab-hello latest/stable amd64');
        await picture(`9-${verb}`);
        await sign(`You signed: ${id} is released.${needed} You may close this page.`);
        expect((await control.history(changeRequestStream(id))).at(-1)).toMatchObject({
          data: { signature: { meaning, recordDigest: digest, securityKey: { origin: url } } },
        });
      },
    );

    it('R24: removes it with both components', async () => {
      await open({});
      await page.locator('#remove').waitFor();
      const form = page.locator('#remove');
      await form.getByLabel('Why').fill('the key was left on a train');
      await form.getByLabel('Password').fill(PASSWORD);
      await form.getByRole('button').click();
      await said().filter({ hasText: 'The key is removed' }).waitFor();
      expect(await page.locator('#key-list li').count()).toBe(0);
    });

    it('never was kept from anything by its own policy, nor wider than a phone', () => {
      // What control refuses, the browser reports as an error as well: the second component is asked for so.
      expect(complaints.all.filter((text) => !text.includes('status of 403'))).toEqual([]);
    });

    const linked = { code: REASON.code, reason: REASON.text };

    /** Somebody else's, who only reads. */
    async function session(): Promise<string> {
      return control.signIn('admin');
    }
  },
);

import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#platform/database/free-port';
import { changeRequestStream } from '#release-control/domain/change-request/change-request';
import { releaseControlProjections } from '#release-control/projections';
import { Authenticator } from '#test/support/authenticator';
import { capturedRequest } from '#test/support/captured-request';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { TestIdentityProvider } from '#test/support/identity-provider';
import { ProjectorOnDemand } from '#test/support/project';
import { missingProgram } from '../systemd/unit.js';

const missing = await missingProgram('chromium');
/** Where to put pictures of the page, for somebody who wants to look at it. */
const pictures = process.env['HOLDFAST_TEST_PICTURES'];

describe.skipIf(missing !== undefined)(
  `single sign-on, in Chromium${missing === undefined ? '' : ` (${missing} is missing)`}`,
  () => {
    let provider: TestIdentityProvider;
    let control: ControlUnderTest;
    let client: pg.Client;
    let projector: ProjectorOnDemand;
    let url: string;
    let browser: Browser;
    let page: Page;
    let app: Authenticator;
    const complaints: string[] = [];

    beforeAll(async () => {
      const port = await freePort();
      url = `http://localhost:${port}`;
      provider = await TestIdentityProvider.start(`${url}/single-sign-on`);
      control = await ControlUnderTest.start({ url, signOn: provider.settings });
      await control.listen(port);
      await control.admin();
      control.clock.set(new Date().toISOString());
      const admin = await control.signIn('admin');
      await control.enrol(admin, 'ben', ['approver']);
      const body = { subject: 'b-4711', reason: REASON };
      await control.ask('POST', '/v1/people/ben/single-sign-on', { token: admin, body });
      client = new pg.Client({ connectionString: control.database.url('projector') });
      await client.connect();
      projector = await ProjectorOnDemand.start(client, control.adapters.store, releaseControlProjections());
      browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--host-resolver-rules=MAP localhost 127.0.0.1'],
      });
      page = await browser.newPage();
      page.on('console', (message) => {
        // What the provider's pages lack is its own.
        const isOurs = message.location().url.startsWith(url);
        if (message.type() === 'error' && isOurs) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await client?.end();
      await control?.stop();
      await provider?.stop();
    });

    async function picture(name: string): Promise<void> {
      if (pictures !== undefined)
        await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
    }

    /** At the provider, which asks whatever session it has. */
    async function signInThere(as: string): Promise<void> {
      await page.waitForURL(`${provider.issuer}/**`);
      // The provider's clock is the machine's, and goes.
      control.clock.set(new Date().toISOString());
      await page.getByLabel('Login').fill(as);
      await page.getByRole('button', { name: 'Sign in there' }).click();
      await page.waitForURL(`${url}/security-key**`);
    }

    async function open(hash = ''): Promise<void> {
      await page.goto('about:blank');
      await page.goto(`${url}/security-key${hash}`);
      await page.locator('#sign-in').waitFor();
    }

    const said = (text: string) => page.locator('#said').filter({ hasText: text }).waitFor();
    const codeOf = (seconds: number) =>
      app.codeAt(new Date(Date.parse(control.clock.now()) + seconds * 1_000).toISOString());

    async function askedToAccept(): Promise<void> {
      await open();
      await page.locator('#sign-in').getByLabel('Login').fill('ben');
      await page.locator('#sign-in').getByLabel('Password').fill(PASSWORD);
      await page.keyboard.press('Enter');
      await page.locator('#requested').filter({ hasText: 'as b-4711 at' }).waitFor();
    }

    it('lets who comes back once their session has ended sign in anew, and says why', async () => {
      await askedToAccept();
      await page.getByRole('button', { name: 'Sign in there, to accept it' }).click();
      await page.waitForURL(`${provider.issuer}/**`);
      control.clock.set(new Date(Date.now() + 9 * 3_600_000).toISOString());
      await page.getByLabel('Login').fill('b-4711');
      await page.getByRole('button', { name: 'Sign in there' }).click();
      await said('took longer than 5 minutes');
      expect(await page.locator('#sign-in').isVisible()).toBe(true);
      control.clock.set(new Date().toISOString());
    });

    it('R23: is accepted by its person, who signs in there', async () => {
      await askedToAccept();
      await picture('sso-1-asked');
      await page.getByRole('button', { name: 'Sign in there, to accept it' }).click();
      await signInThere('b-4711');
      const form = page.locator('#accept');
      await form.getByLabel('Why').fill(REASON.text);
      await form.getByLabel('Password').fill(PASSWORD);
      await picture('sso-2-accepting');
      await form.getByRole('button').click();
      await said('give your login beside the password');
      await form.getByLabel('Login').fill('ben');
      await form.getByRole('button').click();
      await said('You sign in with single sign-on from now on');
      expect(await page.locator('#bound').innerText()).toContain('You sign in as b-4711');
      // Neither the code nor what the page kept is left behind.
      expect(page.url()).toBe(`${url}/security-key`);
      expect(await page.evaluate('sessionStorage.length')).toBe(0);
    });

    it('tells who is bound to nobody as whom the provider knows them', async () => {
      await open();
      await page.getByRole('button', { name: 'Sign in with single sign-on' }).click();
      await signInThere('somebody-else');
      await said('knows you as somebody-else');
      await picture('sso-3-nobody');
      expect(await page.locator('#sign-in').isVisible()).toBe(true);
    });

    it('R22: signs in and signs, with a code each time', async () => {
      const token = await control.signIn('ben');
      const own = { password: PASSWORD, reason: REASON };
      const offered = await control.ask('POST', '/v1/me/second-component', { token, body: own });
      app = new Authenticator(String(offered.json['secret']));
      const body = { code: codeOf(-30) };
      await control.ask('POST', '/v1/me/second-component/confirm', { token, body });
      const { id, recordDigest } = await capturedRequest(control, 1);
      await projector.catchUp();
      const linked = { code: REASON.code, reason: REASON.text };
      const wanted = new URLSearchParams({ approve: id, digest: recordDigest, ...linked });
      await open(`#${wanted.toString()}`);
      await page.getByRole('button', { name: 'Sign in with single sign-on' }).click();
      await signInThere('b-4711');
      await page.locator('#second').getByLabel('Code').fill(codeOf(0));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `Approve ${id}` }).waitFor();
      await page.locator('#sign').getByLabel('Ticket').fill('QA-77');
      await page.getByRole('button', { name: 'Sign in there, to sign' }).click();
      await signInThere('b-4711');
      await said('You signed in there');
      await page.locator('#sign').locator('[name=code]').fill(codeOf(30));
      await picture('sso-4-to-be-signed');
      await page.keyboard.press('Enter');
      await said(`You signed: ${id} is approved`);
      const event = (await control.history(changeRequestStream(id))).at(-1);
      expect(event).toMatchObject({
        type: 'ChangeApproved',
        reason: { ...REASON, ticket: 'QA-77' },
        data: {
          signature: { components: ['single-sign-on', 'totp'], singleSignOn: { subject: 'b-4711' } },
        },
      });
    });

    it('never was kept from anything by its own policy', () => {
      const refused = /status of 40[13]/;
      expect(complaints.filter((text) => !refused.test(text))).toEqual([]);
    });
  },
);

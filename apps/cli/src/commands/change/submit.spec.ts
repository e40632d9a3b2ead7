import { beforeEach, describe, expect, it } from 'vitest';
import { recordDigest } from '#kernel';
import { ProblemError, problemFrom } from '../../api/problem.js';
import { problem } from '../../testing/control-fixture.js';
import { submitOrDraft } from '../drafted-to-sign.js';
import { APPROVED, RECORD, REASON, SHOW, VIEW } from '../../testing/lab-change.js';
import { TestCli } from '../../testing/test-cli.js';

const URL = 'POST /v1/change-requests/CR-2026-0042';
const { submittedAt: _, changes: __, ...SAID } = RECORD;
const DIGEST = recordDigest({ record: 'change-draft', ...SAID });
const DRAFT = {
  ...VIEW,
  status: 'drafted',
  record: null,
  recordDigest: null,
  draft: { record: SAID, digest: DIGEST, mustSign: true },
};
const ASKED = problem(409, 'author-signature-required', 'its author signs it');
const SUBMIT = ['change', 'submit', 'CR-2026-0042', '--password-stdin', ...REASON];
const DONE = { ...APPROVED, status: 'submitted' };

let cli: TestCli;
beforeEach(() => {
  cli = new TestCli();
  cli.env['HOLDFAST_TOKEN'] = 'token';
});

describe('R17, R22: change submit, where a ring asks for the signature of the author', () => {
  it('shows what is signed, asks for the password, and signs the digest of what was shown', async () => {
    const { seen } = await cli.control({
      [`${URL}/submit`]: ASKED,
      [SHOW]: [200, DRAFT],
      [`${URL}/submit-signed`]: [202, DONE],
    });
    const ran = await cli.run(SUBMIT, 'correct horse\n');
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'CR-2026-0042 submitted\n' });
    expect(ran.stderr).toContain('asked for: core18 stable=1722');
    expect(ran.stderr).toContain(`sha256:${DIGEST}`);
    expect(seen.at(-1)).toMatchObject({ body: { recordDigest: DIGEST, password: 'correct horse' } });
  });

  it('signs nothing whose digest is not of what is shown, or is not the one that was read', async () => {
    const other = { ...DRAFT, draft: { ...DRAFT.draft, digest: 'ab'.repeat(32) } };
    const ofAnother = await cli.control({ [`${URL}/submit`]: ASKED, [SHOW]: [200, other] });
    expect((await cli.run(SUBMIT, 'correct horse\n')).stderr).toContain('; not signed');
    const asRead = await cli.control({ [`${URL}/submit`]: ASKED, [SHOW]: [200, DRAFT] });
    const named = ['--record-digest', 'cd'.repeat(32)];
    expect((await cli.run([...SUBMIT, ...named], 'correct horse\n')).stderr).toContain('look at it again');
    for (const { seen } of [ofAnother, asRead])
      expect(seen.filter(({ request }) => request.endsWith('submit-signed'))).toEqual([]);
  });

  it('hands nothing in but the draft that is named, also where no ring asks for a signature', async () => {
    const { seen } = await cli.control({ [`${URL}/submit`]: [202, DONE], [SHOW]: [200, DRAFT] });
    const submit = (digest: string) => cli.run([...SUBMIT, '--record-digest', digest], 'correct horse\n');
    expect((await submit('cd'.repeat(32))).stderr).toContain('look at it again');
    expect(seen.map(({ request }) => request)).toEqual([SHOW]);
    expect(await submit(DIGEST)).toMatchObject({ exitCode: 0, stdout: 'CR-2026-0042 submitted\n' });
    expect(seen.at(-1)).toMatchObject({ request: `${URL}/submit` });
    await cli.control({ [SHOW]: [200, { ...DRAFT, status: 'submitted', draft: null }] });
    expect(await submit(DIGEST)).toMatchObject({
      exitCode: expect.not.toBeOneOf([0]) as number,
      stderr: expect.stringContaining('is handed in already') as string,
    });
  });

  it('an override is drafted, and it is said how to submit it', async () => {
    const said: string[] = [];
    const asked: boolean[] = [];
    const invocation = { say: (line: string) => void said.push(line) };
    const refusal = new ProblemError(problemFrom(409, { code: 'author-signature-required' }));
    const drafted = await submitOrDraft(invocation, (submit) => {
      asked.push(submit);
      return submit ? Promise.reject(refusal) : Promise.resolve({ id: 'CR-2026-0042' });
    });
    expect(drafted).toEqual({ id: 'CR-2026-0042' });
    expect(asked).toEqual([true, false]);
    expect(said.join()).toContain('holdfast change submit CR-2026-0042');
    const other = new ProblemError(problemFrom(409, { code: 'ticket-required' }));
    await expect(submitOrDraft(invocation, () => Promise.reject(other))).rejects.toBe(other);
  });
});

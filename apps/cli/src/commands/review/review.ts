import { Option, type Command } from 'commander';
import { REVIEW_KINDS, type ReviewKind } from '../../api/review-types.js';
import type { Cli } from '../../cli.js';
import { Invocation } from '../../invocation.js';
import { dueText, historyText, reviewsTable, reviewText } from '../../output/review.js';
import { reviewPaper } from '../../meeting/review-paper.js';
import { writePaper } from '../../meeting/write-paper.js';
import { addDecide } from './decide.js';
import { addDeviations } from './deviations.js';
import { addFinding, addVerifyHistory } from './finding.js';
import { addOpenings } from './open.js';
import { addSignReview, shownReviewDigest } from './sign.js';
import { addWithdraw } from './withdraw.js';
import { recordId } from '../../input/record-id.js';

/** `holdfast review access|periodic|trail|decide|finding|verify|sign|withdraw|deviations|close-deviation|list|due|show` */
export function addReviews(program: Command, cli: Cli): void {
  const review = program
    .command('review')
    .description('signed reviews: of who may do what, of a period, of the trail');
  addOpenings(review, cli);
  addDecide(review, cli);
  addFinding(review, cli);
  addVerifyHistory(review, cli);
  addSignReview(review, cli);
  addWithdraw(review, cli);
  addDeviations(review, cli);
  review
    .command('list')
    .description('reviews, the newest first')
    .addOption(new Option('--kind <kind>', 'of this kind alone').choices(REVIEW_KINDS))
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly kind?: ReviewKind }>(cli, command);
      const { control } = await invocation.connect();
      const reviews = await control.reviews.list({ kind: invocation.options.kind });
      invocation.result(reviews, () => reviewsTable(reviews));
    });
  review
    .command('due')
    .description('of each kind: the last one, when the next one is due, and what waits for signatures')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { kinds } = await control.reviews.due();
      invocation.result(kinds, () => dueText(kinds));
    });
  review
    .command('show')
    .description('the record, findings, signatures and history of one')
    .argument('<id>', 'such as TR-0042', recordId)
    .option('--pdf <file>', 'write it as PDF; a file that is there already stays')
    .action(async (id: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly pdf?: string }>(cli, command);
      const { control } = await invocation.connect();
      const view = await control.reviews.show(id);
      const digest = shownReviewDigest(view);
      const { pdf } = invocation.options;
      if (pdf === undefined)
        return invocation.result(view, () => `${reviewText(view, digest)}\n${historyText(view)}`);
      const { site } = await control.status();
      const paper = reviewPaper(site.origin, view, digest);
      await control.noteCopy({ of: 'review', id });
      await writePaper(pdf, paper);
      invocation.result({ file: pdf, madeFrom: paper.digest }, () => `${pdf}: ${id}, ${view.status}\n`);
    });
}

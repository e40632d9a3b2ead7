import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { addApprove } from './approve.js';
import { addReview } from './review.js';
import { addAttach, addAttachment, addAttachments } from './attachment.js';
import { addClose } from './close.js';
import { addComment } from './comment.js';
import { addList } from './list.js';
import { addPrint } from './print.js';
import { addRecall } from './recall.js';
import { addReject } from './reject.js';
import { addRevise } from './revise.js';
import { addShow } from './show.js';
import { addSubmit } from './submit.js';
import { addVerify } from './verify.js';
import { addWithdraw } from './withdraw.js';

export function addChange(program: Command, cli: Cli): void {
  const change = program.command('change').description('change requests: what a board decides on');
  const decide = [addReview, addApprove, addReject, addWithdraw, addRecall, addRevise, addComment, addSubmit];
  const files = [addAttach, addAttachments, addAttachment];
  for (const add of [addList, addShow, addPrint, ...files, ...decide, addVerify, addClose]) add(change, cli);
}

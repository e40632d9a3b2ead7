import type { Command } from 'commander';
import type { Cli } from '../../cli.js';
import { addApprove } from './approve.js';
import { addList } from './list.js';
import { addReject } from './reject.js';
import { addShow } from './show.js';
import { addSubmit } from './submit.js';
import { addWithdraw } from './withdraw.js';

export function addChange(program: Command, cli: Cli): void {
  const change = program.command('change').description('change requests: what a board decides on');
  for (const add of [addList, addShow, addApprove, addReject, addWithdraw, addSubmit]) add(change, cli);
}

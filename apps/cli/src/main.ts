#!/usr/bin/env node
/** The newest syntax and the API that this program needs; npm scripts and npx bring their own Node. */
const OLDEST_NODE = 24;

const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE) {
  process.stderr.write(
    `holdfast needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'In the checkout, "npx holdfast" and the npm scripts use the one that "npm ci" installed.\n',
  );
  process.exitCode = 1;
} else {
  // Only now: an older Node might not even parse what these import.
  const { processCli } = await import('./cli.js');
  const { run } = await import('./run.js');
  const { outliveReader } = await import('#kernel/outlive-reader');
  outliveReader(process.stdout);
  process.exitCode = await run(process.argv.slice(2), processCli());
}

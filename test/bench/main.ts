import { BENCHES } from './benches.js';
import type { Measured } from './bench.js';

/** `bench <name>`: a table on standard output and, last, one line of JSON. Exit codes: 0 measured, 1 failed, 2 no such benchmark. */
async function main(name: string | undefined): Promise<number> {
  const load = name === undefined ? undefined : BENCHES[name];
  if (name === undefined || load === undefined) {
    process.stderr.write(`usage: npm run -s bench -- ${Object.keys(BENCHES).sort().join(' | ')}\n`);
    return 2;
  }
  const bench = await load();
  process.stderr.write(`${bench.about}\n`);
  const measured = await bench.run((line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${table(measured.table)}\n${JSON.stringify({ bench: name, ...measured.figures })}\n`);
  return 0;
}

function table(rows: Measured['table']): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => String(cell).padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

process.exit(await main(process.argv[2]));

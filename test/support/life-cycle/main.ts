import { readFileSync, writeFileSync } from 'node:fs';
import { withDiagram } from './diagram.js';

/** Draws the diagram of the page again. */
const [page] = process.argv.slice(2);
if (page === undefined) throw new Error('name the page');
writeFileSync(page, withDiagram(readFileSync(page, 'utf8')));

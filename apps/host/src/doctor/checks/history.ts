import { sentenceOf } from '#kernel';
import { withDatabase } from '../../compare-ledger/with-database.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';
import { checkDatabaseClock, checkMigrations, checkNewestEvent, checkRoles, connected } from './database.js';
import { checkAttachments } from './attachments.js';
import { checkEndlessHolds } from './endless-holds.js';
import { checkNodeKeys } from './node-keys.js';
import { checkSigning } from './signing.js';
import { checkVerifier } from './verifier.js';
import { checkCheckpoints, checkSealedEvents, type LedgerFolders } from './ledger.js';
import { checkNeverSealed } from './never-sealed.js';
import { checkProxies } from './proxies.js';

/** Database and ledger, and whether they hold the same history. What cannot be looked at is a finding, never an error. */
export async function checkHistory(patient: Patient, places: LedgerFolders): Promise<Finding[]> {
  const { findings, sealed } = await checkCheckpoints(places, patient.ledgerVkey);
  const databaseUrl = patient.env['DATABASE_URL'] || undefined;
  const where = { home: patient.home.folder, ...(databaseUrl === undefined ? {} : { databaseUrl }) };
  try {
    const database = await withDatabase(where, (ownerUrl) =>
      connected(ownerUrl, async (client) => {
        const found = [ok('database: answers', 'its owner can log in'), await checkMigrations(client)];
        found.push(...(await checkRoles(ownerUrl, patient.siteKey)), await checkDatabaseClock(client));
        if (patient.env['EVENTSTORE_URL']) return [...found, elsewhere()];
        // Without its tables there is nothing to compare; that it lacks them is said.
        if (found[1]?.level !== 'ok') return found;
        found.push(await checkNewestEvent(client, Date.now()), await checkNodeKeys(client, Date.now()));
        found.push(await checkAttachments(client), ...(await checkVerifier(client, Date.now())));
        found.push(await checkSigning(client, patient.env['HOLDFAST_SECOND_COMPONENT']));
        found.push(await checkProxies(client, sealed));
        found.push(await checkEndlessHolds(client));
        if (sealed === 'never') found.push(await checkNeverSealed(client, places.ledger, Date.now()));
        else if (sealed !== 'unknown') found.push(await checkSealedEvents(client, places.ledger, sealed));
        return found;
      }),
    );
    return [...findings, ...database];
  } catch (error) {
    const todo =
      databaseUrl === undefined
        ? 'look at the log of "holdfast up"'
        : 'see to PostgreSQL, and to DATABASE_URL';
    return [...findings, fail('database: answers', sentenceOf(error), todo)];
  }
}

function elsewhere(): Finding {
  const says = 'the events are in EventStoreDB, which is not looked at here';
  return warn(
    'ledger: events',
    says,
    'nothing is wrong with that; the projector compares them at each start',
  );
}

import { expect, it } from 'vitest';
import { allProjections as ofTheProjector } from '#apps/projector/src/projections';
import { FOR_ITS_NAME } from '#release-control/policy-document/policy-document-projection';
import { allProjections } from './projections.js';

/** An app imports no other one, so the list stands twice: what the projector makes and the host does not know would not be verified. */
it('the read models that are verified are those that the projector makes', () => {
  const ports = FOR_ITS_NAME;
  const versions = allProjections(ports).map(({ name, version, tables }) => ({ name, version, tables }));
  expect(versions).toEqual(
    ofTheProjector(ports).map(({ name, version, tables }) => ({ name, version, tables })),
  );
});

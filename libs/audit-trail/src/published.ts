/** All that another context may import from here besides the modules. */
export { entityTagOf, revisionOf } from './queries/entity-tag-of.js';
export {
  CountEvents,
  EventsOfTypes,
  LastOfStreams,
  ReadRange,
  ReadTrailSize,
  type Period,
  type PlacedEvent,
  type TrailEntry,
} from './queries/read-range/query.js';

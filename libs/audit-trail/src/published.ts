/** All that another context may import from here besides the modules. */
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

export { peopleProjection } from './projections/people/projection.js';

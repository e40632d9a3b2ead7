export * from './canonical-json.js';
export * from './clock.js';
export * from './decider.js';
export * from './digest.js';
export * from './envelope.js';
export * from './errors.js';
export * from './ids.js';
export * from './text.js';

export * from './checkpoint.js';
export * from './compact-tree.js';
export * from './errors.js';
export * from './hashing.js';
export { cosigner, noteSigner, noteVerifier, type NoteSigner, type NoteVerifier } from './note-keys.js';
export * from './note.js';

import { blobStoreContract } from '../contract/blob-store.contract.js';
import { MemoryBlobStore } from './memory-blob-store.js';

blobStoreContract('memory', () => {
  const store = new MemoryBlobStore();
  return Promise.resolve({
    store,
    truncate: (digest) => Promise.resolve(store.truncate(digest)),
    dispose: () => Promise.resolve(),
  });
});

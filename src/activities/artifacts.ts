import { canonicalJson } from '../harness/digest.js';
import type { ArtifactStore } from '../store/types.js';

/** Stores a document in canonical JSON: its name in the store is its RFC 8785 digest. */
export async function putCanonical(store: ArtifactStore, document: unknown): Promise<string> {
  return (await store.put(canonicalJson(document))).sha256;
}

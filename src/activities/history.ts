import type { EarlierAttempt } from '../mining/types.js';
import type { ArtifactStore } from '../store/types.js';

/** What earlier rounds tried: shown to proposers, and never tried again. */
export interface History {
  attempts: EarlierAttempt[];
  /** Digests of harnesses that were candidates. */
  digests: string[];
}

export async function loadHistory(store: ArtifactStore, digest: string | null): Promise<History> {
  return digest === null ? { attempts: [], digests: [] } : store.getJson<History>({ sha256: digest });
}

/** Reference to an immutable artifact: what travels through Temporal in place of the artifact itself. */
export interface Ref {
  /** Lower-case hex SHA-256 of the bytes. */
  sha256: string;
  bytes: number;
}

/**
 * Content-addressed artifacts plus results kept under a key.
 * Both are written atomically; a reader never sees half a file.
 */
export interface ArtifactStore {
  put(content: string | Uint8Array): Promise<Ref>;
  /** @throws {StoreError} when the artifact is missing or does not hash to its name. */
  get(ref: Pick<Ref, 'sha256'>): Promise<Buffer>;
  putJson(value: unknown): Promise<Ref>;
  getJson<T>(ref: Pick<Ref, 'sha256'>): Promise<T>;
  /** The value under `key` (hex digest), or undefined. `area` separates kinds: `trials`, `proposals`, ... */
  getKeyed<T>(area: string, key: string): Promise<T | undefined>;
  /** Stores `value` under `key`; the first writer wins and every caller gets the winner's value. */
  putKeyed<T>(area: string, key: string, value: T): Promise<T>;
  listKeyed(area: string): AsyncIterable<string>;
}

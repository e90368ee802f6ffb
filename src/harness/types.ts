import type { Surface } from './schema.js';

/** RFC 6902 operations that an edit may use. */
export type PatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string };

/** One minimal edit to one surface. */
export interface Edit {
  surface: Surface;
  patch: PatchOperation[];
}

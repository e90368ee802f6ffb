import type { Surface } from '../harness/schema.js';
import type { Mechanism } from '../mining/types.js';

/** Surfaces that one slot may choose from; the first is preferred. */
export type SurfaceFamily = readonly [Surface, ...Surface[]];

/**
 * Where an edit can act on a mechanism, most direct first: what enforces before what advises. The families of one
 * mechanism are disjoint, so that two slots with one mechanism never edit the same surface. `files` is for agents that
 * are not run here.
 */
export const SURFACE_FAMILIES: Record<Mechanism, readonly SurfaceFamily[]> = {
  'endless-exploration': [['rules'], ['orchestration', 'runtime'], ['instructions', 'skills']],
  'repeated-failing-command': [['rules'], ['instructions', 'skills'], ['tools']],
  'artifact-deleted': [['rules'], ['instructions', 'skills'], ['orchestration']],
  'artifact-never-written': [['rules'], ['orchestration', 'runtime'], ['instructions', 'skills']],
  'environment-lost-between-calls': [['tools'], ['instructions', 'memory'], ['rules'], ['skills']],
  'finished-with-failing-check': [['rules'], ['orchestration'], ['instructions', 'skills']],
  'finished-without-checking': [['rules'], ['instructions', 'skills'], ['orchestration']],
  'missing-dependency-not-checked': [['instructions', 'skills'], ['rules'], ['tools'], ['memory']],
  'unbounded-computation': [['tools'], ['rules'], ['instructions', 'skills'], ['runtime']],
  'unbounded-download': [['rules'], ['tools'], ['instructions', 'skills']],
  'malformed-tool-call': [['tools'], ['instructions'], ['rules']],
  'ignored-tool-error': [['rules'], ['instructions'], ['orchestration']],
  'service-not-left-running': [['instructions', 'skills'], ['rules'], ['tools']],
  'misread-instruction': [['instructions'], ['orchestration'], ['rules']],
  'lost-context': [['orchestration'], ['memory', 'instructions'], ['subagents']],
  'stopped-early': [['rules'], ['instructions'], ['orchestration']],
  'wrong-approach': [['instructions', 'skills'], ['orchestration'], ['subagents']],
  'task-too-hard': [['skills'], ['instructions'], ['subagents']],
  'none-found': [['runtime'], ['instructions'], ['orchestration']],
};

/** The harness that an evolution starts from when none is named. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseHarness } from './parse.js';
import { formatProblems } from './problems.js';
import type { Harness } from './schema.js';

const SEED_FILE = fileURLToPath(new URL('../../harness-registry/seed.yaml', import.meta.url));

/** Reads `harness-registry/seed.yaml`. @throws {Error} when the file is gone or broken: the installation is damaged */
export function seedHarness(): Harness {
  const parsed = parseHarness(readFileSync(SEED_FILE, 'utf8'), SEED_FILE);
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  return parsed.harness;
}

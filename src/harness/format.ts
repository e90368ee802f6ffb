/** The harness as a file for people: YAML with every field written out, always in the same order. */
import { stringify } from 'yaml';
import { type Harness, harnessSchema } from './schema.js';

/** Reads back to the same digest. Fields come in the order of the format, names in alphabetical order. */
export function formatHarness(harness: Harness): string {
  return formatYaml(harnessSchema.parse(harness));
}

/** One value as YAML, ended by a line break. No line is folded, so that one change stays one line of a diff. */
export function formatYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false });
}

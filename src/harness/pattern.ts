/**
 * Regular expressions that a harness carries: RE2, linear in the text whatever the pattern, where JavaScript's own
 * engine can be made to run for ever.
 */
import { RE2JS, RE2JSException } from 're2js';

/** Compiled size, in instructions: it is the factor on the length of the text in the worst case. */
const MAX_PROGRAM = 200;
const MAX_LENGTH = 500;

export interface Pattern {
  /** Whether it is found anywhere in the text. */
  test(text: string): boolean;
}

export function compilePattern(
  source: string,
): { ok: true; pattern: Pattern } | { ok: false; message: string } {
  if (source.length > MAX_LENGTH) return { ok: false, message: `longer than ${MAX_LENGTH} characters` };
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() > MAX_PROGRAM)
      return { ok: false, message: 'too large when its repeats are written out' };
    return { ok: true, pattern: compiled };
  } catch (error) {
    if (error instanceof RE2JSException) return { ok: false, message: error.message };
    throw error;
  }
}

/** Which shell commands count as checks: those that one of the harness's patterns is found in. */
import { compilePattern } from '../harness/pattern.js';
import type { Harness } from '../harness/schema.js';

/** Characters of a command that are looked at. */
const MAX_COMMAND = 20_000;

export type CheckMatcher = (command: string) => boolean;

export function checkMatcher(checks: Harness['orchestration']['checks']): CheckMatcher {
  const patterns = Object.values(checks).flatMap(({ match }) => {
    const compiled = compilePattern(match);
    return compiled.ok ? [compiled.pattern] : [];
  });
  return (command) => patterns.some((pattern) => pattern.test(command.slice(0, MAX_COMMAND)));
}

/**
 * Benchmarks mark their files with canary lines, so that training data can be searched for them. An agent must not
 * see them: as Harbor does, leading lines `<!-- ...canary... -->` or `# ...canary...` and blank lines are dropped.
 */
const CANARY_LINE = /^(<!--.*canary.*-->|#.*canary.*)$/i;

export function stripCanary(text: string): string {
  const lines = text.split('\n');
  let first = 0;
  while (first < lines.length && CANARY_LINE.test(lines[first]!.trim())) first += 1;
  while (first < lines.length && lines[first]!.trim() === '') first += 1;
  return lines.slice(first).join('\n');
}

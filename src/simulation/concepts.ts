/** What the simulated models understand of ways to fail, in words of their own; vocabularies of others are matched by meaning. */

export type Concept =
  | 'exploring'
  | 'repeating'
  | 'deleted'
  | 'unwritten'
  | 'environment'
  | 'unchecked'
  | 'dependency'
  | 'malformed'
  | 'outside'
  | 'misread'
  | 'hard';

/** Stems that name each concept in closed vocabularies, the telling ones first. */
const stems: Record<Concept, string[]> = {
  exploring: ['explor', 'endless', 'looking', 'reading', 'analysis-paralysis'],
  repeating: ['repeat', 'duplicat', 'retry', 'same-command', 'identical'],
  deleted: ['delet', 'remov', 'destroy'],
  unwritten: ['never-written', 'not-written', 'no-artifact', 'missing-artifact', 'no-deliverable'],
  environment: ['environment', 'env-lost', 'path', 'shell-state'],
  unchecked: ['failing-check', 'failed-check', 'check-fail', 'unverified', 'sanity', 'verification'],
  dependency: ['dependenc', 'prerequisite', 'not-installed', 'missing-tool'],
  malformed: ['malformed', 'markup', 'syntax', 'format'],
  outside: ['download', 'network', 'external', 'outside', 'unbounded'],
  misread: ['misread', 'misunder', 'superseded', 'wrong-place', 'wrong-instruction'],
  hard: ['too-hard', 'difficult', 'wrong-approach', 'capability', 'model-limit', 'none-found'],
};

/** The entry of a closed vocabulary that means the concept best; null: none does. */
export function wordFor(concept: Concept, vocabulary: string[]): string | null {
  for (const stem of stems[concept]) {
    const found = vocabulary.find((word) =>
      word
        .toLowerCase()
        .replace(/[\s_]+/g, '-')
        .includes(stem),
    );
    if (found) return found;
  }
  return null;
}

/** The concept that a word of a vocabulary, or a sentence, names; null: none. */
export function conceptOf(text: string): Concept | null {
  const plain = text.toLowerCase().replace(/[\s_]+/g, '-');
  const named = (Object.entries(stems) as [Concept, string[]][]).flatMap(([concept, words]) =>
    words.flatMap((word, rank) => (plain.includes(word) ? [{ concept, rank }] : [])),
  );
  return named.sort((a, b) => a.rank - b.rank)[0]?.concept ?? null;
}

/** What a record of a run shows, read the way a person would read a terminal log. */
export function diagnose(record: string): Concept {
  const count = (pattern: RegExp): number => record.match(pattern)?.length ?? 0;
  // It read a page that sends the reader elsewhere, and was refused by what stands there.
  if (/\b(superseded|moved to|no longer here)\b/i.test(record) && /\[remote rejected\]/.test(record))
    return 'misread';
  if (count(/<\/?(parameter|invoke|tool_call|function)[ >=]/g) >= 2 && /syntax error/i.test(record))
    return 'malformed';
  if (
    count(/could not resolve|failed to connect|name or service not known|network is unreachable/gi) >= 2 ||
    count(/\b(curl|wget)\b/g) >= 3
  )
    return 'outside';
  if (/cannot overwrite|file exists/i.test(record) && count(/cannot overwrite|file exists/gi) >= 2)
    return /\brm -r?f? ?\/|delet/i.test(record) && count(/cannot overwrite|file exists/gi) < 3
      ? 'deleted'
      : 'repeating';
  const missing = count(/command not found|: not found|No such file or directory/gi);
  if (missing > 0 && /\bexport [A-Z_]+=/.test(record)) return 'environment';
  if (count(/command not found|: not found/gi) > 0) return 'dependency';
  if (/check[^\n]{0,40}fail|fail[^\n]{0,40}check|assert/i.test(record)) return 'unchecked';
  const looks = count(/\b(head|tail|wc|stat|ls|cat|grep|find) -?[^\n]{0,80}/g);
  const writes = count(/(^|[^0-9&])>\s*["'/$]|\b(mv|cp|sed -i|tee|chmod)\b/gm);
  if (looks >= 12 && looks > 4 * writes) return 'exploring';
  return 'hard';
}

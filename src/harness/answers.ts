/** Edits that hard-code an answer: literals that only a task's verifier, solution or instruction could have told. */

import type { HarnessChange } from './diff.js';
import type { Harness } from './schema.js';
import { newTexts, strings } from './texts.js';

/** A literal of more tasks than this share of the suite is no answer of one, but how the suite is made. */
const SPECIFIC_SHARE = 0.05;
/** Characters of a path or word beyond which nothing is looked for. */
const LITERAL_MAX = 120;

/**
 * Numbers of five digits and more, long hexadecimal strings, names that hold three digits, and paths of files. What
 * else an answer may be (a plain word, a small number) cannot be told from common speech.
 */
const LITERAL = new RegExp(
  [
    String.raw`(?<![\w.])(?:/[\w@+-]*(?:\.[\w@+-]+)*){2,}`,
    String.raw`\b(?=(?:[\w-]*\d){3})(?=[\w-]*[a-z])[a-z0-9][\w-]{6,}[a-z0-9]\b`,
    String.raw`(?<![\w.-])\d{5,}(?:\.\d+)?(?![\w-]|\.\d)`,
  ].join('|'),
  'gi',
);
/** Places that every system has, and how programs and encodings are called. */
const SYSTEM = /^\/(?:usr|bin|sbin|lib|lib64|etc|dev|proc|sys|tmp|run|var|opt|logs|tests|solution)(?:\/|$)/;
const COMMON = /^(?:(?:sha|md|utf|iso|base|aes|rsa|crc|int|uint|float|x86|amd|arm)[-_]?\d[\w-]*)$/i;

/** The literals that tell one task of the suite from the others. @param tasks all texts of each task */
export function specificLiterals(tasks: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const texts of tasks) {
    for (const literal of new Set(texts.flatMap(literalsOf)))
      counts.set(literal, (counts.get(literal) ?? 0) + 1);
  }
  const most = Math.max(1, Math.floor(tasks.length * SPECIFIC_SHARE));
  return [...counts].filter(([, count]) => count <= most).map(([literal]) => literal);
}

/** What the new text of some changes holds of them; null: nothing. A literal that the harness had already is its own. */
export function answerProblem(
  before: Harness,
  changes: readonly HarnessChange[],
  answers: readonly string[],
): string | null {
  const specific = new Set(answers);
  const own = new Set(strings(before).flatMap(literalsOf));
  const found = changes
    .flatMap(newTexts)
    .flatMap(literalsOf)
    .find((literal) => specific.has(literal) && !own.has(literal));
  if (found === undefined) return null;
  return `the edit hard-codes what belongs to one task (${found}); a harness has to serve any task`;
}

function literalsOf(text: string): string[] {
  return [...text.matchAll(LITERAL)]
    .map(([literal]) => literal.toLowerCase())
    .filter((literal) => literal.length <= LITERAL_MAX && !isCommon(literal));
}

function isCommon(literal: string): boolean {
  if (SYSTEM.test(literal) || COMMON.test(literal)) return true;
  if (!/^\d+$/.test(literal)) return false;
  const value = Number(literal);
  return (
    literal.endsWith('000') || value % 3600 === 0 || Number.isInteger(Math.log2(value)) || value === 65_535
  );
}

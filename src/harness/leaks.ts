/** Edits that carry the suite into the harness: the name of a task, or a passage of its texts. */
import type { HarnessChange } from './diff.js';
import type { Harness } from './schema.js';
import { newTexts, strings } from './texts.js';

/** Characters in a row, after normalising, from which a passage counts as quoted: about ten words. */
const QUOTE_LENGTH = 60;
const BLOCK = QUOTE_LENGTH / 2;
/** A task's name that is one plain word has to be this long, and not one of these, to be told from common speech. */
const NAME_LENGTH = 6;
const COMMON_WORDS = new Set(
  `access answer append archive artifact backup binary branch browser buffer bundle cancel change checks cleanup client
  column command commit compile compress config connect container convert counter create database dataset decode delete
  deploy digest directory docker download editor encode encrypt environment error errors execute export extract failure
  filter finish folder format function general header history import index indexes inspect install instructions kernel
  language launch library limits linear linker logger longest manage matrix memory merge message method migrate mirror
  module monitor network number object output package parallel parser password pattern people permission pipeline
  planning plugin policy prepare present process processes profile program project prompt protocol python query
  ranking recover recovery refactor regular release rename repair replace report repository request require rescue
  resolve restore result results retries reverse rotate router routing runtime sample schema script scripts search
  secret section secure select sequence server service session settings shell simple single socket source split
  status storage stream string summary switch symlink syntax system systems table target template terminal testing
  threads timeout timing tokens traffic transfer transform unpack update upload validate variable vector verify
  version warning website windows worker workflow write writing`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** What of the suite the new text of some changes carries; null: nothing. */
export function leakProblem(
  before: Harness,
  changes: readonly HarnessChange[],
  suite: { taskNames: readonly string[]; forbiddenTexts: readonly string[] },
): string | null {
  const texts = changes.flatMap(newTexts);
  const name = suite.taskNames.find((task) => texts.some((text) => names(text, task)));
  if (name !== undefined)
    return `the edit names a task of the suite (${name}); a harness has to serve any task`;
  const known = normalise(strings(before).join('\n'));
  const passage = quotedPassage(texts, suite.forbiddenTexts, known);
  if (passage === null) return null;
  return `the edit quotes the text of a task ("${passage}"); a harness has to serve any task`;
}

/**
 * Whether a text names a task. Compound names (with a dash, an underscore or a digit) count wherever they stand as a
 * word, in either spelling; plain words when they are long and uncommon.
 */
function names(text: string, task: string): boolean {
  const compound = /[-_\d]/.test(task);
  if (!compound && (task.length < NAME_LENGTH || COMMON_WORDS.has(task.toLowerCase()))) return false;
  const spelling = task
    .split(/[-_]/)
    .map((part) => part.replace(/[^\p{L}\p{N}]/gu, '\\$&'))
    .join('[-_]');
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${spelling}(?![\\p{L}\\p{N}_-])`, 'iu').test(text);
}

/**
 * The first run of QUOTE_LENGTH normalised characters that a text shares with a forbidden one, and that the harness did
 * not have before. Every such run holds a whole block of the forbidden text; blocks are looked up, then stretched.
 */
function quotedPassage(texts: readonly string[], forbidden: readonly string[], known: string): string | null {
  const sources = forbidden.map(normalise);
  const blocks = new Map<string, { source: string; at: number }[]>();
  for (const source of sources) {
    for (let at = 0; at + BLOCK <= source.length; at += BLOCK) {
      const block = source.slice(at, at + BLOCK);
      const places = blocks.get(block);
      if (places === undefined) blocks.set(block, [{ source, at }]);
      else if (places.length < MAX_PLACES) places.push({ source, at });
    }
  }
  for (const text of texts.map(normalise)) {
    for (let at = 0; at + BLOCK <= text.length; at++) {
      for (const place of blocks.get(text.slice(at, at + BLOCK)) ?? []) {
        const run = sharedRun(text, at, place.source, place.at);
        if (run.length >= QUOTE_LENGTH && !known.includes(run)) return run.slice(0, QUOTE_LENGTH);
      }
    }
  }
  return null;
}

/** Places of one block that are looked at: boilerplate stands in every task, and one place of it is as good as all. */
const MAX_PLACES = 8;

function sharedRun(a: string, i: number, b: string, j: number): string {
  let before = 0;
  while (i - before > 0 && j - before > 0 && a[i - before - 1] === b[j - before - 1]) before++;
  let after = 0;
  while (i + after < a.length && j + after < b.length && a[i + after] === b[j + after]) after++;
  return a.slice(i - before, i + after);
}

/** Letters and digits in lower case, everything between them one blank. */
function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

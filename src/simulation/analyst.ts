/** A simulated model asked for JSON: as a reader of failed runs, and as a proposer of edits. */
import { type Concept, conceptOf, diagnose, wordFor } from './concepts.js';
import { chanceOf, type Dialogue, isObject } from './dialogue.js';
import { proposeEdit } from './proposer.js';

/** Chances of a reading that is off the mark, and of one that is not JSON. */
const misreads = 0.08;
const breaks = 0.04;

/** The text of an answer to a request that asks for JSON. */
export function analyse(dialogue: Dialogue): string {
  const prompt = [...dialogue.opening, ...dialogue.turns.flatMap((turn) => turn.messages)].join('\n\n');
  const schema = dialogue.schema ?? {};
  // A seed of its own for each ask: one that was refused is not given again.
  const chance = (...words: (string | number)[]): number =>
    chanceOf(dialogue)(dialogue.turns.length, dialogue.seed ?? 0, ...words);
  if (asksForEdit(schema)) return proposeEdit(prompt, schema, chance);
  if (chance('breaks') < breaks) return 'The run failed because {"of several things';
  return JSON.stringify(readRun(prompt, schema, chance));
}

function asksForEdit(schema: Record<string, unknown>): boolean {
  const text = JSON.stringify(schema);
  return /"(op|operations?|patch)"/.test(text) && /"path"/.test(text);
}

type Chance = (...words: (string | number)[]) => number;

/** Any object that the schema describes, its closed vocabularies filled from what the record shows. */
function readRun(prompt: string, schema: Record<string, unknown>, chance: Chance): unknown {
  const seen = diagnose(prompt);
  // Hints of others are taken into account when the record itself says nothing.
  const concept = seen === 'hard' ? (hinted(prompt) ?? seen) : seen;
  const reading: Reading = { concept: chance('misreads') < misreads ? 'hard' : concept, prompt };
  return valueFor('', schema, reading, chance);
}

interface Reading {
  concept: Concept;
  prompt: string;
}

function hinted(prompt: string): Concept | null {
  const lines = prompt.split('\n').filter((line) => line.startsWith('- '));
  for (const line of lines.slice(-8)) {
    const concept = conceptOf(line);
    if (concept) return concept;
  }
  return null;
}

function valueFor(name: string, schema: unknown, reading: Reading, chance: Chance): unknown {
  if (!isObject(schema)) return '';
  if (Array.isArray(schema.enum)) return fromVocabulary(name, schema.enum.map(String), reading);
  if (isObject(schema.properties)) {
    return Object.fromEntries(
      Object.entries(schema.properties).map(([key, inner]) => [key, valueFor(key, inner, reading, chance)]),
    );
  }
  if (schema.type === 'array') {
    const items = isObject(schema.items) ? schema.items : {};
    return items.type === 'integer' || items.type === 'number'
      ? telling(reading)
      : [valueFor(name, items, reading, chance)];
  }
  if (schema.type === 'boolean') return reading.concept !== 'hard';
  if (schema.type === 'integer' || schema.type === 'number') return telling(reading)[0] ?? 1;
  return sentenceFor(name, reading);
}

function fromVocabulary(name: string, vocabulary: string[], reading: Reading): string {
  if (/status|causal/i.test(name)) return vocabulary.find((word) => /root/i.test(word)) ?? vocabulary[0]!;
  if (/terminal|cause/i.test(name)) {
    const wanted = /turn-limit|tool-call-limit/i.test(reading.prompt)
      ? /turn/i
      : /missing at the end|not found|missing|no such file|does not exist/i.test(reading.prompt)
        ? /missing/i
        : /wrong|partial/i;
    return vocabulary.find((word) => wanted.test(word)) ?? vocabulary.at(-1)!;
  }
  return wordFor(reading.concept, vocabulary) ?? wordFor('hard', vocabulary) ?? vocabulary.at(-1)!;
}

/** Numbers of the steps, as the record counts them, where something went wrong. */
function telling({ prompt }: Reading): number[] {
  const failed = [...prompt.matchAll(/^\[(\d+)\] [^\n]*(?:exit [1-9]|failed|blocked)/gm)].map((match) =>
    Number(match[1]),
  );
  const all = [...prompt.matchAll(/^\[(\d+)\]/gm)].map((match) => Number(match[1]));
  return [...new Set(failed.length > 0 ? failed : all.slice(-2))].slice(0, 3);
}

const explanations: Record<Concept, string> = {
  exploring: 'It went on listing and reading and never came to write anything.',
  repeating: 'It repeated a failing command without a change.',
  deleted: 'It removed the file that had to be delivered and did not make it again.',
  unwritten: 'It never wrote what had to be delivered.',
  environment: 'It set its environment in one call and relied on it in later ones, where it was gone.',
  unchecked: 'Its own check failed and it ended all the same.',
  dependency: 'It relied on a program that is not there without looking first.',
  malformed: 'Its commands carried markup of the call, which the shell could not read.',
  outside: 'It insisted on a download that could not work.',
  misread:
    'It took the rules from the place it was used to, which says that they are elsewhere now, went by old habits, and finished with a pull request that had been refused.',
  hard: 'It worked in order, but its result is not what was asked for.',
};

function sentenceFor(name: string, { concept }: Reading): string {
  if (/why_?not|reason/i.test(name)) return concept === 'hard' ? 'The method cannot give the result.' : '';
  return explanations[concept];
}

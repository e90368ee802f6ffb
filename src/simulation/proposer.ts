/** A simulated model in the proposer's role: an edit in the shape that the request asks for; good, useless, harmful, broken, or none. */
import { type Concept, conceptOf } from './concepts.js';
import { isObject } from './dialogue.js';
import type { Idea } from './ideas.js';
import { good, harmful, useless } from './recipes.js';

type Chance = (...words: (string | number)[]) => number;

/** Cumulative chances of each kind of answer; the rest is good. */
const kinds: [kind: 'broken' | 'declined' | 'harmful' | 'useless', upTo: number][] = [
  ['broken', 0.07],
  ['declined', 0.11],
  ['harmful', 0.19],
  ['useless', 0.3],
];

/** The text of the answer. `schema` says its fields; whatever they are called, they are filled by what they ask for. */
export function proposeEdit(prompt: string, schema: Record<string, unknown>, chance: Chance): string {
  const surfaces = offeredSurfaces(prompt, schema);
  const concept = assignedConcept(prompt);
  const roll = chance('kind');
  const kind = kinds.find(([, upTo]) => roll < upTo)?.[0] ?? 'good';
  if (kind === 'declined' || surfaces.length === 0)
    return JSON.stringify(fillSchema(schema, decline('Nothing here is likely to help.')));
  const found = ideaFor(kind === 'broken' ? 'good' : kind, concept, surfaces, prompt, chance);
  if (!found)
    return JSON.stringify(fillSchema(schema, decline('No edit of these surfaces would change it.')));
  const { surface, idea } = found;
  const operation = { op: idea.op ?? 'add', path: freePath(surface, idea, prompt), value: idea.value };
  const answer: EditAnswer = {
    decline: false,
    reason: `The runs show it: ${concept}.`,
    surface,
    operations: [operation],
    summary: idea.summary,
  };
  if (kind === 'broken') return broken(schema, answer, chance);
  return JSON.stringify(fillSchema(schema, answer));
}

interface EditAnswer {
  decline: boolean;
  reason: string;
  surface: string;
  operations: { op: string; path: string; value: unknown }[];
  summary: string;
}

function decline(reason: string): EditAnswer {
  return { decline: true, reason, surface: '', operations: [], summary: 'No edit.' };
}

/** Surfaces that the request lets it edit, in the order in which they are presented. */
function offeredSurfaces(prompt: string, schema: Record<string, unknown>): string[] {
  const shown = [...prompt.matchAll(/name="surface-([\w-]+)"|[Ss]urface "([\w-]+)"\./g)].map(
    (match) => match[1] ?? match[2]!,
  );
  if (shown.length > 0) return [...new Set(shown)];
  const named = findEnum(schema, /surface/i);
  return named.filter((surface) => prompt.includes(`/${surface}`) || prompt.includes(`"${surface}"`));
}

function findEnum(schema: unknown, name: RegExp): string[] {
  if (!isObject(schema)) return [];
  for (const [key, inner] of Object.entries(schema)) {
    if (name.test(key) && isObject(inner) && Array.isArray(inner.enum)) return inner.enum.map(String);
    const deeper = findEnum(inner, name);
    if (deeper.length > 0) return deeper;
  }
  return [];
}

/** What its weakness is: from the block of data that names it, else from the whole request. */
function assignedConcept(prompt: string): Concept {
  const block = /<data name="assigned[^>]*>([\s\S]*?)<\/data/.exec(prompt)?.[1] ?? prompt;
  const mechanism = /"mechanism":\s*"([^"]+)"/.exec(block)?.[1];
  return conceptOf(mechanism ?? '') ?? conceptOf(block.slice(0, 2000)) ?? 'hard';
}

function ideaFor(
  kind: 'good' | 'useless' | 'harmful',
  concept: Concept,
  surfaces: string[],
  prompt: string,
  chance: Chance,
): { surface: string; idea: Idea } | null {
  const recipes =
    kind === 'good' ? (concept === 'hard' ? useless : good[concept]) : kind === 'useless' ? useless : harmful;
  for (const surface of surfaces) {
    const ideas = (recipes[surface] ?? []).filter((idea) =>
      (idea.needs ?? []).every((word) => prompt.includes(word)),
    );
    // What was tried before is not tried again, as long as there is something else.
    const fresh = ideas.filter((idea) => !prompt.includes(idea.summary));
    const from = fresh.length > 0 ? fresh : ideas;
    if (from.length > 0) return { surface, idea: from[Math.floor(chance('idea') ** 2 * from.length)]! };
  }
  return null;
}

/** The idea's place, under another name where that one is taken. */
function freePath(surface: string, idea: Idea, prompt: string): string {
  const path = `/${surface}${idea.path}`;
  if (idea.op === 'replace') return path;
  const content =
    new RegExp(`<data name="surface-${surface}"[^>]*>([\\s\\S]*?)</data`).exec(prompt)?.[1] ?? '';
  const name = idea.path.split('/').at(-1)!;
  return content.includes(`"${name}":`) ? `${path}-2` : path;
}

/** An object of the schema's fields, each with what its name asks for. */
function fillSchema(schema: Record<string, unknown>, answer: EditAnswer): unknown {
  const properties = isObject(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, field(name, inner, answer)]),
  );
}

function field(name: string, schema: unknown, answer: EditAnswer): unknown {
  const shape = isObject(schema) ? schema : {};
  const vocabulary = Array.isArray(shape.enum) ? shape.enum.map(String) : null;
  if (vocabulary) {
    if (/surface/i.test(name)) return vocabulary.includes(answer.surface) ? answer.surface : vocabulary[0];
    const wanted = answer.decline ? /declin|none|skip|reject|no/i : /propos|edit|yes|accept/i;
    return vocabulary.find((word) => wanted.test(word)) ?? vocabulary[0];
  }
  if (shape.type === 'array')
    return answer.operations.map((operation) => operationFor(shape.items, operation));
  if (shape.type === 'boolean') return /declin|skip/i.test(name) === answer.decline;
  if (isObject(shape.properties)) return fillSchema(shape, answer);
  if (/surface/i.test(name)) return answer.surface;
  if (/summary|title|name/i.test(name)) return answer.summary;
  if (/risk/i.test(name)) return 'It could get in the way of runs that work well.';
  if (/effect/i.test(name)) return 'Fewer runs that end in this way.';
  if (/mechanism|how/i.test(name)) return 'It acts at the moment at which the runs go wrong.';
  return answer.reason;
}

function operationFor(schema: unknown, operation: EditAnswer['operations'][number]): unknown {
  const properties = isObject(schema) && isObject(schema.properties) ? Object.keys(schema.properties) : [];
  const known: Record<string, unknown> = { ...operation, value_json: JSON.stringify(operation.value) };
  return Object.fromEntries(
    (properties.length > 0 ? properties : ['op', 'path', 'value']).map((key) => [key, known[key] ?? '']),
  );
}

/** Answers that cannot be used: half of the JSON, two surfaces, or a value of the wrong shape. */
function broken(schema: Record<string, unknown>, answer: EditAnswer, chance: Chance): string {
  const roll = chance('broken');
  if (roll < 0.4) {
    const whole = JSON.stringify(fillSchema(schema, answer));
    return whole.slice(0, Math.round(whole.length * 0.7));
  }
  const extra = {
    op: 'add',
    path: roll < 0.7 ? '/runtime/turns' : `/${answer.surface}/odd`,
    value: { unknown: true },
  };
  return JSON.stringify(fillSchema(schema, { ...answer, operations: [...answer.operations, extra] }));
}

/** Ways to change a harness that follow from its schema alone, blind to what any of it is for. Pure, by a generator that is handed in. */
import { type JsonSchema, schemaAt } from '../harness/json-schema.js';
import { formatPointer } from '../harness/pointer.js';
import { type Harness, SURFACES, type Surface } from '../harness/schema.js';
import type { PatchOperation } from '../harness/types.js';
import type { Random } from '../validation/random.js';

export interface Mutation {
  patch: PatchOperation[];
  /** What it does, for people. */
  summary: string;
}

/** One way to change one place; null: nothing comes of it this time. */
export type Move = (random: Random) => Mutation | null;

/** Advice that is as good or as bad for any agent at any task. */
export const SENTENCES = [
  'Think step by step.',
  'Be brief.',
  'Work carefully.',
  'Check your work before you finish.',
  'Do the simplest thing that can work.',
  'Read the task again before you act.',
  'Explain what you do.',
  'Prefer small steps.',
  'Do not guess.',
  'Stop when the task is done.',
  'If something fails, try another way.',
  'Keep an eye on the time that is left.',
];

const FACTORS = [0.25, 0.5, 2, 4];
/** Fields whose text is code: a sentence would break it. */
const CODE: ReadonlySet<string> = new Set(['when', 'match', 'command']);

/** Everything that can be done to each surface; a surface that nothing can be done to is left out. */
export function movesOf(harness: Harness): Map<Surface, Move[]> {
  const moves = SURFACES.map((surface) => [surface, movesAt(harness, harness[surface], [surface])] as const);
  return new Map(moves.filter(([, found]) => found.length > 0));
}

export function pick<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)]!;
}

function movesAt(harness: Harness, value: unknown, path: readonly (string | number)[]): Move[] {
  const schema = schemaAt(path, harness);
  if (schema === undefined) return [];
  const replace = (next: unknown, how: string): Mutation => ({
    patch: [{ op: 'replace', path: pointerOf(path), value: next }],
    summary: `${how} ${pointerOf(path)}`,
  });
  const inner = (name: string | number, of: unknown) => movesAt(harness, of, [...path, name]);
  const optional = withoutNull(schema);
  if (optional !== null) {
    if (typeof value === 'number')
      return [(random) => numberMove(value, optional, random, replace), () => replace(null, 'unset')];
    return [(random) => replace(build(optional, '', random), 'set')];
  }
  if (Array.isArray(value))
    return [...listMoves(value, schema, replace), ...value.flatMap((item, i) => inner(i, item))];
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).flatMap(([name, field]) => inner(name, field));
    return isMap(schema) ? [...mapMoves(value, schema, path), ...entries] : entries;
  }
  return leafMoves(value, schema, String(path.at(-1)), replace);
}

type Replace = (next: unknown, how: string) => Mutation;

function leafMoves(value: unknown, schema: JsonSchema, name: string, replace: Replace): Move[] {
  if ('const' in schema) return [];
  if (Array.isArray(schema.enum)) {
    const others = schema.enum.filter((other) => other !== value);
    return others.length === 0 ? [] : [(random) => replace(pick(others, random), 'switch')];
  }
  if (typeof value === 'boolean') return [() => replace(!value, 'switch')];
  if (typeof value === 'number') return [(random) => numberMove(value, schema, random, replace)];
  if (typeof value !== 'string' || !isProse(schema, name)) return [];
  return [
    (random) => {
      const text = [value, pick(SENTENCES, random)].filter((part) => part !== '').join(' ');
      return replace(text, 'append a sentence to');
    },
  ];
}

function numberMove(value: number, schema: JsonSchema, random: Random, replace: Replace): Mutation {
  const factor = pick(FACTORS, random);
  const scaled = within(schema, value * factor);
  const next = scaled === value ? within(schema, value + (factor > 1 ? 1 : -1)) : scaled;
  return replace(next, `scale by ${factor}`);
}

function listMoves(value: readonly unknown[], schema: JsonSchema, replace: Replace): Move[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema as {
    minItems?: number;
    maxItems?: number;
  };
  const place = (random: Random) => Math.floor(random() * value.length);
  const moves: Move[] = [];
  if (value.length > minItems)
    moves.push((random) => replace(value.toSpliced(place(random), 1), 'drop an item of'));
  if (value.length > 1) moves.push((random) => replace(swapped(value, place(random)), 'swap items of'));
  if (value.length > 0 && value.length < maxItems)
    moves.push((random) => {
      const at = place(random);
      return replace(value.toSpliced(at, 0, value[at]), 'double an item of');
    });
  return moves;
}

function mapMoves(value: object, schema: JsonSchema, path: readonly (string | number)[]): Move[] {
  const names = Object.keys(value);
  const at = (name: string) => pointerOf([...path, name]);
  const of = (name: string) => (value as Record<string, unknown>)[name];
  const moves: Move[] = [];
  if (names.length > 0)
    moves.push(
      (random) => {
        const name = pick(names, random);
        return { patch: [{ op: 'remove', path: at(name) }], summary: `drop ${at(name)}` };
      },
      (random) => add(at, newName(schema, names, random), of(pick(names, random)), 'double into'),
    );
  if (names.length > 1)
    moves.push((random) => {
      const [a, b] = swapped(names, Math.floor(random() * names.length)) as [string, string];
      return {
        patch: [
          { op: 'replace', path: at(a), value: of(b) },
          { op: 'replace', path: at(b), value: of(a) },
        ],
        summary: `swap ${at(a)} and ${at(b)}`,
      };
    });
  const entry = schema.additionalProperties as JsonSchema;
  moves.push((random) => add(at, newName(schema, names, random), build(entry, '', random), 'add'));
  return moves;
}

function add(
  at: (name: string) => string,
  name: string | null,
  value: unknown,
  how: string,
): Mutation | null {
  if (name === null || value === undefined) return null;
  return { patch: [{ op: 'add', path: at(name), value }], summary: `${how} ${at(name)}` };
}

/** A name that is free; null: all are taken, or names there are paths. */
function newName(schema: JsonSchema, taken: readonly string[], random: Random): string | null {
  const names = (schema as { propertyNames?: { enum?: string[]; pattern?: string } }).propertyNames;
  if (names?.enum) {
    const free = names.enum.filter((name) => !taken.includes(name));
    return free.length === 0 ? null : pick(free, random);
  }
  if (isPath(names?.pattern)) return null;
  for (let n = 1; ; n++) if (!taken.includes(`extra-${n}`)) return `extra-${n}`;
}

/** A value that the schema allows, its optional fields left out; undefined: it takes more than chance and sentences. */
function build(schema: JsonSchema, name: string, random: Random): unknown {
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return pick(schema.enum, random);
  if (schema.oneOf) return build(pick(schema.oneOf, random), name, random);
  switch (schema.type) {
    case 'boolean':
      return random() < 0.5;
    case 'integer':
    case 'number':
      return anyNumber(schema, random);
    case 'string':
      return isProse(schema, name) ? pick(SENTENCES, random) : undefined;
    case 'array': {
      const item = build(schema.items ?? {}, name, random);
      return item === undefined ? undefined : [item];
    }
    case 'object': {
      const required = (schema.required ?? []) as string[];
      const fields = required.map(
        (field) => [field, build(schema.properties![field]!, field, random)] as const,
      );
      return fields.some(([, field]) => field === undefined) ? undefined : Object.fromEntries(fields);
    }
    default:
      return undefined;
  }
}

/** Small and large numbers alike: its logarithm is uniform. */
function anyNumber(schema: JsonSchema, random: Random): number {
  const { low, high } = boundsOf(schema);
  const from = Math.max(low, 1);
  return within(schema, from * (high / from) ** random());
}

function within(schema: JsonSchema, value: number): number {
  const { low, high } = boundsOf(schema);
  return Math.min(high, Math.max(low, schema.type === 'integer' ? Math.round(value) : value));
}

function boundsOf(schema: JsonSchema): { low: number; high: number } {
  const bounds = schema as Partial<Record<'minimum' | 'maximum' | 'exclusiveMinimum', number>>;
  // Above an open bound: the smallest whole number, or a small part of what there is.
  const above = schema.type === 'integer' ? 1 : (bounds.maximum ?? 1) / 1000;
  const low = bounds.minimum ?? (bounds.exclusiveMinimum === undefined ? 0 : bounds.exclusiveMinimum + above);
  return { low, high: bounds.maximum ?? Number.MAX_SAFE_INTEGER };
}

/** What a value may be other than null; null: the schema does not allow null. */
function withoutNull(schema: JsonSchema): JsonSchema | null {
  const forms = schema.anyOf as JsonSchema[] | undefined;
  if (!forms?.some(({ type }) => type === 'null')) return null;
  return forms.find(({ type }) => type !== 'null') ?? null;
}

/** Whether it is a map by names that people choose, its entries of one documented form. */
function isMap(schema: JsonSchema): boolean {
  const { additionalProperties: entry } = schema;
  return typeof entry === 'object' && entry.type !== undefined;
}

function isProse(schema: JsonSchema, name: string): boolean {
  return !CODE.has(name) && !isPath(schema.pattern as string | undefined);
}

function isPath(pattern: string | undefined): boolean {
  return pattern?.startsWith('^\\/') === true;
}

/** The item at a place exchanged with the one after it, the last with the first. */
function swapped<T>(values: readonly T[], place: number): T[] {
  const out = [...values];
  const other = (place + 1) % values.length;
  [out[place], out[other]] = [out[other]!, out[place]!];
  return out;
}

function pointerOf(path: readonly (string | number)[]): string {
  return formatPointer(path.map(String));
}

/** The model's own reading of a failed trial, held to the closed vocabulary. */
import { z } from 'zod';
import type { ChatMessage, ChatModel } from '../model/types.js';
import { jsonAnswer } from './json-answer.js';
import { READING_SYSTEM, type ReadingMaterial, readingPrompt } from './reading-prompt.js';
import { sentence } from './text.js';
import { CAUSAL_STATUSES, MECHANISMS, type Signature, TERMINAL_CAUSES } from './types.js';

export interface Reading extends Signature {
  explanation: string;
  /** step_ids, in the model's order. */
  steps: number[];
  mendable: boolean;
  whyNot: string;
}

/** Models write `Endless exploration` or `endless_exploration` for `endless-exploration`. */
const word = (value: unknown) =>
  typeof value === 'string'
    ? value
        .trim()
        .toLowerCase()
        .replace(/[\s_]+/g, '-')
    : value;
const optionalText = z.string().catch('');

const readingSchema = z.object({
  terminal_cause: z.preprocess(word, z.enum(TERMINAL_CAUSES)),
  causal_status: z.preprocess(word, z.enum(CAUSAL_STATUSES)),
  mechanism: z.preprocess(word, z.enum(MECHANISMS)),
  evidence_steps: z.array(z.coerce.number().int()).catch([]),
  explanation: optionalText,
  harness_could_help: z.boolean().catch(true),
  why_not: optionalText,
});

/** What the endpoint is asked for: no optional and no open fields, as strict modes want it. */
const ANSWER_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: [
    'terminal_cause',
    'causal_status',
    'mechanism',
    'evidence_steps',
    'explanation',
    'harness_could_help',
    'why_not',
  ],
  properties: {
    terminal_cause: { type: 'string', enum: [...TERMINAL_CAUSES] },
    causal_status: { type: 'string', enum: [...CAUSAL_STATUSES] },
    mechanism: { type: 'string', enum: [...MECHANISMS] },
    evidence_steps: { type: 'array', items: { type: 'integer' } },
    explanation: { type: 'string' },
    harness_could_help: { type: 'boolean' },
    why_not: { type: 'string' },
  },
};

const ATTEMPTS = 2;

export interface ReadingCall {
  model: ChatModel;
  seed: number;
  signal?: AbortSignal;
  onProgress?: () => void;
}

/** null: the model gave no usable answer, also when told what was wrong. @throws {ModelError} */
export async function readTrial(material: ReadingMaterial, call: ReadingCall): Promise<Reading | null> {
  const messages: ChatMessage[] = [
    { role: 'system', content: READING_SYSTEM },
    { role: 'user', content: readingPrompt(material) },
  ];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const answer = await call.model.complete(
      {
        messages,
        response: { name: 'failure_reading', schema: ANSWER_SCHEMA },
        seed: call.seed + attempt,
      },
      { signal: call.signal, onProgress: call.onProgress },
    );
    const parsed = parseReading(answer.text);
    if (parsed.ok) return parsed.reading;
    messages.push(
      { role: 'assistant', content: answer.text.slice(0, 4_000) || '(empty)' },
      { role: 'user', content: `${parsed.problem}\nAnswer again with the one JSON object.` },
    );
  }
  return null;
}

/** `problem` is worded for the model. */
export function parseReading(text: string): { ok: true; reading: Reading } | { ok: false; problem: string } {
  const json = jsonAnswer(text);
  if (!json.ok) return json;
  const checked = readingSchema.safeParse(json.value);
  if (!checked.success) return { ok: false, problem: issuesOf(checked.error) };
  const value = checked.data;
  return {
    ok: true,
    reading: {
      cause: value.terminal_cause,
      status: value.causal_status,
      mechanism: value.mechanism,
      explanation: sentence(value.explanation, 400),
      steps: value.evidence_steps.slice(0, 4),
      mendable: value.harness_could_help && value.mechanism !== 'task-too-hard',
      whyNot: sentence(value.why_not, 200),
    },
  };
}

/** The issues of a validation as lines `field: problem`, bounded. */
export function issuesOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 6)
    .map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message.slice(0, 600)}`)
    .join('\n');
}

/** A proposer's answer: from text to a validated edit with its audit record. */
import { z } from 'zod';
import { SURFACES, type Surface } from '../harness/schema.js';
import { jsonAnswer } from '../mining/json-answer.js';
import { issuesOf } from '../mining/reading.js';
import { sentence } from '../mining/text.js';
import type { Assignment, Edit, PatchOperation, Proposal } from './types.js';

/** What the endpoint is asked for: values as JSON text, since strict modes know no open objects. */
export const PROPOSAL_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: [
    'decision',
    'reason',
    'surface',
    'operations',
    'summary',
    'mechanism',
    'expected_effect',
    'regression_risk',
  ],
  properties: {
    decision: { type: 'string', enum: ['propose', 'decline'] },
    reason: { type: 'string' },
    surface: { type: 'string', enum: [...SURFACES] },
    operations: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['op', 'path', 'value_json'],
        properties: {
          op: { type: 'string', enum: ['add', 'replace', 'remove'] },
          path: { type: 'string' },
          value_json: { type: 'string' },
        },
      },
    },
    summary: { type: 'string' },
    mechanism: { type: 'string' },
    expected_effect: { type: 'string' },
    regression_risk: { type: 'string' },
  },
};

const REASON_CHARS = 400;
const SUMMARY_CHARS = 160;

const said = z.string().trim().min(1, 'expected a sentence');
const lower = (value: unknown) => (typeof value === 'string' ? value.trim().toLowerCase() : value);

const operationSchema = z.object({
  op: z.preprocess(lower, z.enum(['add', 'replace', 'remove', 'test'])),
  path: z.string(),
  value_json: z.json().optional(),
  value: z.json().optional(),
});

const decisionSchema = z.object({
  decision: z.preprocess(lower, z.enum(['propose', 'decline'])),
  reason: z.string().catch(''),
});

const editSchema = z.object({
  surface: z.preprocess(lower, z.enum(SURFACES)),
  operations: z.array(operationSchema).min(1, 'expected at least one operation'),
  summary: said,
  mechanism: said,
  expected_effect: said,
  regression_risk: said,
});

export type ProposalAnswer =
  | {
      kind: 'edit';
      edit: Edit;
      record: Pick<Proposal, 'summary' | 'mechanism' | 'expectedEffect' | 'regressionRisk'>;
    }
  | { kind: 'decline'; reason: string }
  /** `problem` is worded for the model. */
  | { kind: 'broken'; problem: string };

/** Never throws, whatever the text is. */
export function parseProposal(text: string, surfaces: Assignment['surfaces']): ProposalAnswer {
  const json = jsonAnswer(text);
  if (!json.ok) return { kind: 'broken', problem: json.problem };
  const decision = decisionSchema.safeParse(json.value);
  if (!decision.success) return { kind: 'broken', problem: issuesOf(decision.error) };
  const reason = sentence(decision.data.reason, REASON_CHARS);
  if (decision.data.decision === 'decline')
    return { kind: 'decline', reason: reason || 'no reason was given' };

  const answer = editSchema.safeParse(json.value);
  if (!answer.success) return { kind: 'broken', problem: issuesOf(answer.error) };
  const { surface, operations, ...words } = answer.data;
  if (!surfaces.includes(surface)) return { kind: 'broken', problem: notAssigned(surface, surfaces) };
  const patch: PatchOperation[] = [];
  for (const [index, operation] of operations.entries()) {
    const read = readOperation(operation);
    if (typeof read === 'string') return { kind: 'broken', problem: `operations.${index}.${read}` };
    patch.push(read);
  }
  const record = {
    summary: sentence(words.summary, SUMMARY_CHARS),
    mechanism: sentence(words.mechanism, REASON_CHARS),
    expectedEffect: sentence(words.expected_effect, REASON_CHARS),
    regressionRisk: sentence(words.regression_risk, REASON_CHARS),
  };
  return { kind: 'edit', edit: { surface, patch }, record };
}

function notAssigned(surface: Surface, surfaces: Surface[]): string {
  return `surface: "${surface}" is not yours to edit; expected ${surfaces.map((name) => `"${name}"`).join(' or ')}`;
}

/** The operation, or `field: problem`. */
function readOperation(operation: z.infer<typeof operationSchema>): PatchOperation | string {
  const { op, path, value_json: text, value } = operation;
  if (op === 'remove') return { op, path };
  if (typeof text !== 'string' || text.trim() === '') {
    const open = text === '' || text === null || text === undefined ? value : text;
    return open === undefined ? `value_json: missing for "${op}" of ${path}` : { op, path, value: open };
  }
  try {
    return { op, path, value: JSON.parse(text) };
  } catch (error) {
    // A plain sentence can only have been meant as a text; whether the place takes one is checked with the result.
    if (!/^\s*["[{]/.test(text)) return { op, path, value: text };
    return `value_json: not JSON: ${(error as Error).message.slice(0, 200)}`;
  }
}

/** One slot of a round: asks the model for one edit, checks it, and says what came of it. */
import { applyEdit, type EditContext } from '../harness/edit.js';
import type { Harness } from '../harness/schema.js';
import { bound } from '../mining/calls.js';
import { quoteRemover } from '../mining/text.js';
import type { Evidence, Weakness } from '../mining/types.js';
import type { ChatMessage, ChatModel } from '../model/types.js';
import { PROPOSAL_SCHEMA, parseProposal } from './answer.js';
import { slotSeed } from './chance.js';
import { type ProposalMaterial, proposalPrompt, proposalSystem, repairPrompt } from './prompt.js';
import { surfaceReference } from './reference.js';
import type { Assignment, Proposal } from './types.js';

export interface ProposePorts {
  model: ChatModel;
  /** What an edit must keep clear of; also kept out of the prompt. */
  context: EditContext;
  /** self: the model that is measured proposes; meta: another one does. */
  role: 'self' | 'meta';
  /** The evolution's seed; that of the requests is drawn from it, the round and the slot. */
  seed: number;
  signal?: AbortSignal;
  onProgress?: () => void;
}

export type SlotResult =
  | { kind: 'proposed'; proposal: Proposal; harness: Harness; digest: string }
  | { kind: 'declined' | 'refused'; id: string; slot: number; weakness: string; reason: string };

const ASKS = 3;
const REASON_CHARS = 600;
const ANSWER_CHARS = 8_000;

/**
 * Asks at most three times, each time with what was wrong. Whatever the model answers, only this slot is touched by it.
 * @throws {ModelError} when the model cannot be reached
 * @throws {RangeError} when the evidence does not hold the assigned weakness
 */
export async function propose(
  assignment: Assignment,
  evidence: Evidence,
  harness: Harness,
  ports: ProposePorts,
): Promise<SlotResult> {
  const { slot, weakness } = assignment;
  const id = `r${evidence.round}-p${slot}`;
  const clean = cleaner(ports.context);
  const messages: ChatMessage[] = [
    { role: 'system', content: proposalSystem(ports.role) },
    { role: 'user', content: proposalPrompt(materialFor(assignment, evidence, harness, ports.role, clean)) },
  ];
  const seed = slotSeed(ports.seed, evidence.round, slot);
  let problem = '';
  for (let ask = 0; ask < ASKS; ask++) {
    const answer = await ports.model.complete(
      { messages, response: { name: 'harness_edit', schema: PROPOSAL_SCHEMA }, seed: seed + ask },
      { signal: ports.signal, onProgress: ports.onProgress },
    );
    const parsed = parseProposal(answer.text, assignment.surfaces);
    if (parsed.kind === 'decline') return { kind: 'declined', id, slot, weakness, reason: parsed.reason };
    if (parsed.kind === 'edit') {
      const applied = applyEdit(harness, parsed.edit, ports.context);
      if (applied.ok) {
        const proposal: Proposal = { id, slot, weakness, edit: parsed.edit, ...parsed.record };
        return { kind: 'proposed', proposal, harness: applied.harness, digest: applied.digest };
      }
      problem = applied.reason;
    } else {
      problem =
        answer.finishReason === 'length'
          ? `It was cut off at its length limit. ${parsed.problem}`
          : parsed.problem;
    }
    messages.push(
      // Where it hit on the name of a hidden task, it is not told so.
      { role: 'assistant', content: clean(answer.text.slice(0, ANSWER_CHARS)) || '(empty)' },
      { role: 'user', content: repairPrompt(clean(problem)) },
    );
  }
  return { kind: 'refused', id, slot, weakness, reason: bound(problem, REASON_CHARS) };
}

const SURFACE_CHARS = 40_000;
const INSTRUCTIONS_CHARS = 16_000;
const WEAKNESSES_SHOWN = 12;
const EARLIER_SHOWN = 20;

/** Everything the prompt shows, with the suite's names and texts taken out. */
function materialFor(
  assignment: Assignment,
  evidence: Evidence,
  harness: Harness,
  role: ProposalMaterial['role'],
  clean: (text: string) => string,
): ProposalMaterial {
  const own = evidence.weaknesses.find(({ id }) => id === assignment.weakness);
  if (!own)
    throw new RangeError(`the evidence of round ${evidence.round} holds no weakness ${assignment.weakness}`);
  return {
    role,
    instructions: bound(json(harness.instructions), INSTRUCTIONS_CHARS),
    weaknesses: json({
      failed: evidence.failed,
      valid: evidence.valid,
      weaknesses: evidence.weaknesses.slice(0, WEAKNESSES_SHOWN).map((weakness) => inShort(weakness, clean)),
    }),
    assigned: json({ ...inShort(own, clean), excerpts: own.excerpts.map(({ text }) => clean(text)) }),
    protect: evidence.protect.map(clean),
    earlier: json(
      evidence.earlier
        .slice(-EARLIER_SHOWN)
        .map((attempt) => ({ ...attempt, summary: clean(attempt.summary), reason: clean(attempt.reason) })),
    ),
    surfaces: assignment.surfaces.map((name) => ({
      name,
      content: bound(json(harness[name]), SURFACE_CHARS),
      reference: surfaceReference(name),
    })),
    // Rules speak of declared artifacts and checks; what counts as such is said elsewhere.
    beside: assignment.surfaces.includes('rules')
      ? json({ artifacts: harness.orchestration.artifacts, checks: harness.orchestration.checks })
      : '',
  };
}

function inShort(weakness: Weakness, clean: (text: string) => string) {
  const { id, signature, support, tasks, mendable, detail } = weakness;
  return { id, ...signature, failedRuns: support, tasks: tasks.length, mendable, detail: clean(detail) };
}

/** Texts of the suite are cut out where they are quoted; names of tasks that are more than one plain word are replaced. */
function cleaner(context: EditContext): (text: string) => string {
  const unquote = quoteRemover(context.forbiddenTexts);
  const names = context.taskNames.filter((name) => /[-_.\d]/.test(name)).sort((a, b) => b.length - a.length);
  return (text) => names.reduce((left, name) => left.replaceAll(name, '<task>'), unquote(text));
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

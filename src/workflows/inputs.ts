/**
 * Inputs that people may have written, checked by hand as far as the workflow reads them before an activity validates
 * the rest: without it, plain JSON of another shape would be a programming error, and the workflow would hang on it.
 */
import { ApplicationFailure } from '@temporalio/workflow';
import { parseItems } from './items.js';
import type { Allowance, Prepared, TrialBatch } from './types.js';

const BUDGET_FIELDS = ['usd', 'tokens', 'trials', 'hours'] as const;

/** Final: says the field, as the first activity does. */
export function refuse(problem: string): ApplicationFailure {
  const refusal = ApplicationFailure.nonRetryable(`workflow input: ${problem}`, 'BadInput');
  refusal.stack = '';
  return refusal;
}

export function isDocument(input: unknown): input is object {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** What is wrong with a batch of trials, with its field; null: nothing. */
export function batchProblem(batch: TrialBatch): string | null {
  const { contract, purpose, tasks, arms, items, concurrency, trialSeconds, allowance, noteFiles } = batch;
  if (!isText(contract)) return 'contract: expected the digest of a contract';
  if (!isText(purpose)) return 'purpose: expected a text';
  if (!Array.isArray(tasks) || !tasks.every(isText)) return 'tasks: expected a list of names';
  if (!Array.isArray(arms) || !arms.every((arm) => isText(arm?.name) && isText(arm?.harness)))
    return 'arms: expected a list of {name, harness}';
  if (!isAtLeastOne(concurrency)) return 'concurrency: expected a whole number above 0';
  if (!isAtLeastOne(trialSeconds)) return 'trialSeconds: expected a number above 0';
  if (!isDocument(allowance)) return 'allowance: expected {trials, tokens, usd, until}, or {} for no limit';
  if (noteFiles !== undefined && typeof noteFiles !== 'boolean') return 'noteFiles: expected true or false';
  if (typeof items !== 'string') return 'items: expected arm.task.attempt, separated by blanks';
  try {
    const stray = parseItems(items).find(({ arm, task }) => arm >= arms.length || task >= tasks.length);
    return stray ? `items: ${stray.arm}.${stray.task}.${stray.attempt} names no arm or no task` : null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What people send with the Temporal CLI is not to be relied on. */
export function isAllowance(value: unknown): value is Allowance {
  const known = ['trials', 'tokens', 'usd', 'until'];
  return (
    isDocument(value) &&
    Object.entries(value).every(([field, limit]) => known.includes(field) && Number.isFinite(limit))
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isAtLeastOne(value: unknown): boolean {
  return typeof value === 'number' && value >= 1;
}

/** Whether dollars are counted for everything that is spent. */
export function isPriced({ agent, analyst }: Prepared['calls']): boolean {
  return agent.priced && analyst.priced;
}

/** What is wrong with a new budget; null: nothing. */
export function budgetProblem(budget: unknown, calls: Prepared['calls']): string | null {
  if (!isDocument(budget)) return 'expected {usd, tokens, trials, hours}';
  for (const [field, value] of Object.entries(budget)) {
    if (!BUDGET_FIELDS.some((known) => known === field)) {
      return `budget.${field}: unknown; expected ${BUDGET_FIELDS.join(', ')}`;
    }
    if (typeof value !== 'number' || !(value > 0)) return `budget.${field}: expected a number above 0`;
    if (field === 'usd' && !isPriced(calls))
      return 'budget.usd: dollars are not counted, a price is missing in the configuration (model.price, proposer.price)';
  }
  return null;
}

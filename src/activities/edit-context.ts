import type { EditContext } from '../harness/edit.js';
import type { LoadedContract } from './context.js';

/** What edits under a contract must keep clear of, but for harnesses that were tried already. */
export async function editContext({
  contract,
  suite,
  texts,
}: LoadedContract): Promise<Omit<EditContext, 'earlierDigests'>> {
  const known = await texts();
  const { turns, toolCalls, tokens, agentSeconds } = contract.limits;
  return {
    taskNames: suite.tasks.map(({ name }) => name),
    forbiddenTexts: known.texts,
    answers: known.answers,
    limits: { turns, toolCalls, tokens, wallSeconds: agentSeconds },
  };
}

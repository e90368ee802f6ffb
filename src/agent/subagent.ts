/**
 * Subagents: the same loop under a harness that is made of a few lines of the parent's. A subagent has its own context and
 * its own limit on turns; everything it uses counts in the trial, whose limits hold for it too. The parent's rules, phases and
 * skills are not for it, and it has no subagents of its own.
 */
import type { Harness } from '../harness/schema.js';
import { BUILTIN_TOOLS } from '../harness/schema.js';

/** The harness under which a subagent of `parent` runs. */
export function subagentHarness(parent: Harness, name: string): Harness {
  const subagent = parent.subagents[name]!;
  const builtin = structuredClone(parent.tools.builtin);
  for (const tool of BUILTIN_TOOLS) {
    if (tool !== 'finish') builtin[tool].enabled = subagent.tools[tool] === true;
  }
  const free = { max: null, onLimit: 'stop' } as const;
  return {
    ...parent,
    name,
    instructions: { instructions: { order: 0, text: subagent.instructions } },
    tools: { builtin, custom: {} },
    memory: { files: {}, notes: {} },
    skills: {},
    subagents: {},
    orchestration: {
      ...parent.orchestration,
      plan: 'off',
      phases: {},
      artifacts: { source: 'off', paths: {} },
      checks: {},
    },
    runtime: {
      ...parent.runtime,
      turns: { max: subagent.turns, onLimit: 'stop' },
      toolCalls: free,
      tokens: free,
      wallSeconds: free,
    },
    rules: {},
    files: {},
  };
}

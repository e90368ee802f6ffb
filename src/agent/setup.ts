/** Opens an episode and puts the harness before the model: files, memory, prompt, declared artifacts. */
import { compileRules } from '../harness/rules.js';
import type { Harness } from '../harness/schema.js';
import type { Trajectory } from '../trace/types.js';
import { artifactCandidates } from './artifacts.js';
import type { Budget } from './budget.js';
import { checkMatcher } from './checks.js';
import { Conversation } from './conversation.js';
import type { Deadline } from './deadline.js';
import { type Episode, lookForArtifacts, note, type UsageMeter } from './episode.js';
import { type LoadedFile, systemPrompt } from './prompt.js';
import { Recorder } from './record.js';
import { RuleRunner } from './rules.js';
import { INITIAL_STATE } from './state.js';
import { clipMiddle } from './text.js';
import { commandOutcome } from './tools/shell.js';
import type { ToolContext } from './tools/types.js';
import { buildToolset, type Delegate } from './toolset.js';
import type { AgentRun } from './types.js';

/** Share of the model's context window that the prompt may fill before it is condensed. */
const CONTEXT_SHARE = 0.8;
/** Time that is kept back from a command's limit, so that its output is still there when the run's time is up. */
const COMMAND_RESERVE_SECONDS = 0.2;
const RULE_OUTPUT_BYTES = 8000;
const MAX_MEMORY_FILE = 1 << 20;

export interface EpisodeParts {
  run: AgentRun;
  harness: Harness;
  instruction: string;
  deadline: Deadline;
  budget: Budget;
  usage: UsageMeter;
  delegate: Delegate;
  /** Set for a subagent. */
  trajectoryId?: Trajectory['trajectory_id'];
}

/** @throws {Error} when a rule of the harness does not compile: it should have been refused when it was loaded. */
export function openEpisode(parts: EpisodeParts): Episode {
  const { run, harness, deadline } = parts;
  const compiled = compileRules(harness);
  if (!compiled.ok) {
    const problems = compiled.problems.map(({ rule, message }) => `rules.${rule}.when: ${message}`);
    throw new Error(`harness ${harness.name}: ${problems.join('; ')}`);
  }
  const toolset = buildToolset(harness, parts.delegate);
  const events = Object.values(harness.rules).map((rule) => rule.on);
  const { triggerTokens } = harness.orchestration.compaction;
  const episode: Episode = {
    ...parts,
    conversation: new Conversation(JSON.stringify(toolset.definitions).length),
    recorder: new Recorder({
      sessionId: run.sessionId,
      trajectoryId: parts.trajectoryId,
      modelName: run.modelName,
      harnessName: harness.name,
      tools: toolset.definitions,
    }),
    toolset,
    tools: toolContext(run, deadline),
    rules: new RuleRunner(compiled.engine, events, (command, timeout) =>
      runForRule(episode, command, timeout),
    ),
    checks: checkMatcher(harness.orchestration.checks),
    state: INITIAL_STATE,
    brokenInARow: 0,
    announced: new Set(),
    compactAt: Math.min(
      triggerTokens,
      Math.floor((run.contextTokens ?? Number.MAX_SAFE_INTEGER) * CONTEXT_SHARE),
    ),
  };
  return episode;
}

function toolContext(run: AgentRun, deadline: Deadline): ToolContext {
  const { sandbox } = run;
  return {
    workdir: run.workdir,
    readFile: (path, maxBytes) => deadline.guard(() => sandbox.readFile(path, maxBytes)),
    writeFile: (path, content, options) => deadline.guard(() => sandbox.writeFile(path, content, options)),
    exec: (command, options) => {
      const left = Math.max(0.05, deadline.remainingSeconds() - COMMAND_RESERVE_SECONDS);
      const timeoutSeconds = Math.min(options.timeoutSeconds, left);
      return deadline.guard((signal) => sandbox.exec(command, { ...options, timeoutSeconds, signal }));
    },
  };
}

/** A command of a rule: what the model is shown of it. It can count as a check and change artifacts. */
async function runForRule(episode: Episode, command: string, timeoutSeconds: number): Promise<string> {
  const result = await episode.tools.exec(command, { timeoutSeconds, outputBytes: RULE_OUTPUT_BYTES });
  const { content, ok } = commandOutcome(result, timeoutSeconds);
  const check = episode.checks(command) ? ok : null;
  note(episode, { type: 'rule-ran', command, check, ...(await lookForArtifacts(episode)) });
  return `Output of \`${clipMiddle(command, 500)}\`:\n${content}`;
}

/** Does everything that comes before the first request. */
export async function prepare(episode: Episode): Promise<void> {
  const problems = [...episode.toolset.problems, ...(await placeFiles(episode))];
  const prompt = systemPrompt(episode.harness, episode.run.workdir, await loadMemory(episode));
  episode.conversation.push({ role: 'system', content: prompt });
  episode.conversation.push({ role: 'user', content: episode.instruction });
  episode.recorder.step('system', prompt, problems.length > 0 ? { extra: { problems } } : {});
  episode.recorder.step('user', episode.instruction);
  await declareArtifacts(episode);
}

async function placeFiles(episode: Episode): Promise<string[]> {
  const problems: string[] = [];
  for (const [path, { content }] of Object.entries(episode.harness.files)) {
    const written = await episode.tools.writeFile(path, content);
    if (!written.ok) problems.push(`files.${path}: not written: ${written.reason}`);
  }
  return problems;
}

/** Memory files that are there; a missing one is no problem. */
async function loadMemory(episode: Episode): Promise<LoadedFile[]> {
  const loaded: LoadedFile[] = [];
  for (const { path, maxBytes } of Object.values(episode.harness.memory.files)) {
    const file = await episode.tools.readFile(path, MAX_MEMORY_FILE);
    if (!file.ok) continue;
    const content = file.content.subarray(0, maxBytes).toString('utf8');
    loaded.push({ path, content, omittedBytes: file.size - Math.min(file.size, maxBytes) });
  }
  return loaded;
}

async function declareArtifacts(episode: Episode): Promise<void> {
  const { source, paths } = episode.harness.orchestration.artifacts;
  const candidates = source === 'instruction' ? artifactCandidates(episode.instruction) : [];
  const fixed = [...new Set(Object.values(paths))];
  if (candidates.length + fixed.length === 0) return;
  const asked = [...fixed, ...candidates.map(({ path }) => path), ...candidates.map(({ top }) => top)];
  const present = await episode.deadline.guard(() => episode.run.sandbox.exists(asked));
  const missingFixed = fixed.filter((_, index) => !present[index]);
  const named = candidates
    .filter(({ path, needsTop }, index) => {
      const there = present[fixed.length + index];
      const topIsThere = present[fixed.length + candidates.length + index];
      return !there && (topIsThere || !needsTop) && !fixed.includes(path);
    })
    .map(({ path }) => path);
  note(episode, {
    type: 'artifacts-declared',
    declared: [...fixed, ...named],
    missing: [...missingFixed, ...named],
  });
}

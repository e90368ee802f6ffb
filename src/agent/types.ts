import type { Harness } from '../harness/schema.js';
import type { ChatModel, Usage } from '../model/types.js';
import type { Sandbox } from '../sandbox/types.js';
import type { Trajectory, TrajectoryStep } from '../trace/types.js';

/** The contract's limits on one trial. A harness can only tighten them. */
export interface TrialLimits {
  turns: number;
  toolCalls: number;
  tokens: number;
  /** Seconds of wall time for the agent. */
  agentSeconds: number;
  memoryMb: number;
  processes: number;
  storageMb: number;
}

/** Why an agent stopped: the only ends there are. */
export type StopReason =
  | 'finished'
  /** The model stopped calling tools and said so in words. */
  | 'answered'
  | 'turn-limit'
  | 'tool-call-limit'
  | 'token-limit'
  | 'time-limit'
  | 'context-overflow'
  | 'rule-stop'
  | 'model-refused'
  /** The model answered nothing usable several times in a row. */
  | 'model-broken';

export interface AgentRun {
  harness: Harness;
  /** Digest of the harness, for the trace. */
  harnessDigest: string;
  instruction: string;
  taskName: string;
  workdir: string;
  sandbox: Sandbox;
  model: ChatModel;
  modelName: string;
  limits: TrialLimits;
  /** Sent with every request of this trial. */
  seed: number;
  /** Size of the model's context window, tokens; the context is condensed before it is full. */
  contextTokens?: number;
  /** Session id of the trace: the trial's key. */
  sessionId: string;
  signal?: AbortSignal;
  /** Called at each sign of life. */
  onProgress?: (progress: { turn: number; toolCalls: number; phase: string }) => void;
  /** Milliseconds since some start; injectable for tests. */
  now?: () => number;
}

export interface AgentResult {
  stopReason: StopReason;
  /** The final message or the argument of finish. */
  finalText: string;
  turns: number;
  toolCalls: number;
  usage: Usage;
  trajectory: Trajectory;
}

export type { TrajectoryStep };

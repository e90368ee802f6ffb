/** What the demo can show: which harness meets which tasks, and what is to be seen there. */
import { fileURLToPath } from 'node:url';

export interface Demo {
  /** Name of its evolutions. */
  name: string;
  /** State folder, so that one demo's server, registry and store are not another's. */
  state: string;
  /** Bundled suite. */
  suite: string;
  harness: string;
  /** Simulated model, unless another one is named. */
  model: string;
  rounds: number;
  split: { heldIn: number; heldOut: number };
  /** What happens, in a few words: `<about> in 2 rounds on the suite ...`. */
  about: string;
  /** How long on 2 idle cores. */
  duration: string;
}

export const MODELS = ['sim-minimax', 'sim-qwen', 'sim-glm', 'sim-steady', 'sim-fixer'];

export const PLAIN: Demo = {
  name: 'demo',
  state: '.self-harness/demo',
  suite: 'terminal-basics',
  harness: 'seed',
  model: 'sim-minimax',
  rounds: 2,
  split: { heldIn: 43, heldOut: 21 },
  about: 'It mends the seed harness',
  duration: 'three minutes',
};

/** By the name of their folder in examples/. */
export const EXAMPLES: Record<string, Demo> = {
  'issue-fixer': {
    name: 'issue-fixer',
    state: '.self-harness/issue-fixer',
    suite: 'issue-fixer',
    harness: fileURLToPath(new URL('../../examples/issue-fixer/harness.yaml', import.meta.url)),
    model: 'sim-fixer',
    rounds: 2,
    split: { heldIn: 14, heldOut: 10 },
    about: 'A harness that is tuned to one style of documentation meets a second one, and is mended',
    duration: 'two minutes',
  },
};

import type { Behaviour, Mind, Observation } from '../mind.js';
import type { KnownTask } from '../tasks.js';

/** A way of failing that a harness can mend: real behaviour from the first move to the last. */
export interface Weakness {
  name: string;
  /** Whether the behaviour makes sense on this task. */
  fits(task: KnownTask): boolean;
  /** What instructions of the tasks that it shows on first have in common. */
  drawnTo: RegExp;
  /** `start` is what was said before the first move. */
  act(mind: Mind, start: Observation): Behaviour;
}

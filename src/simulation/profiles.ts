/** The simulated models: what each can do, what it does wrong, and how far it can be talked to. */
import { draw } from './chance.js';
import type { Compliance } from './mind.js';
import type { KnownSuite, KnownTask } from './tasks.js';
import { explorer } from './weaknesses/explorer.js';
import { forgetter } from './weaknesses/forgetter.js';
import { habit } from './weaknesses/habit.js';
import { optimist } from './weaknesses/optimist.js';
import { retrier } from './weaknesses/retrier.js';
import type { Weakness } from './weaknesses/types.js';
import { downloader, tagger, unprepared } from './weaknesses/unprepared.js';

export interface Profile {
  name: string;
  /** Shares of tasks that it never and always can do; on the others it is up to the task with a chance of .3 to .9. */
  never: number;
  always: number;
  /** Share of tasks that each weakness shows on; a task has one at most. */
  weaknesses: { weakness: Weakness; share: number }[];
  /** Chance that it shows in a given trial of such a task. */
  activation: number;
  compliance: Compliance;
}

export const profiles: Profile[] = [
  {
    name: 'sim-minimax',
    never: 0.12,
    always: 0.4,
    weaknesses: [
      { weakness: explorer, share: 0.26 },
      { weakness: tagger, share: 0.1 },
      { weakness: optimist, share: 0.07 },
    ],
    activation: 0.87,
    compliance: { instruction: 0.55, injected: 0.92, blocked: 0.95, refused: 0.85 },
  },
  {
    name: 'sim-qwen',
    never: 0.26,
    always: 0.24,
    weaknesses: [
      { weakness: retrier, share: 0.28 },
      { weakness: unprepared, share: 0.18 },
      { weakness: explorer, share: 0.14 },
    ],
    activation: 0.92,
    compliance: { instruction: 0.6, injected: 0.88, blocked: 0.95, refused: 0.85 },
  },
  {
    name: 'sim-glm',
    never: 0.08,
    always: 0.54,
    weaknesses: [
      { weakness: forgetter, share: 0.2 },
      { weakness: optimist, share: 0.13 },
      { weakness: downloader, share: 0.08 },
    ],
    activation: 0.87,
    compliance: { instruction: 0.6, injected: 0.9, blocked: 0.95, refused: 0.8 },
  },
  {
    // Meant for suites of issues and pull requests; on other tasks it is merely able.
    name: 'sim-fixer',
    never: 0,
    always: 0.92,
    weaknesses: [{ weakness: habit, share: 1 }],
    activation: 0.95,
    compliance: { instruction: 0.92, injected: 0.92, blocked: 0.95, refused: 0.85 },
  },
  {
    name: 'sim-steady',
    never: 0.2,
    always: 0.28,
    weaknesses: [],
    activation: 0,
    compliance: { instruction: 0, injected: 0, blocked: 0, refused: 0 },
  },
];

/** Chance of being up to each task, by the task's own difficulty: the same order for all models. */
export function abilities(profile: Profile, suite: KnownSuite): Map<string, number> {
  const order = [...suite.tasks].sort((a, b) => draw('difficulty', a.name) - draw('difficulty', b.name));
  return new Map(
    order.map((task, i) => {
      // From 0 (hardest) to 1.
      const place = (i + 0.5) / order.length;
      if (place < profile.never) return [task.name, 0];
      if (place >= 1 - profile.always) return [task.name, 1];
      const within = (place - profile.never) / (1 - profile.always - profile.never);
      return [task.name, 0.3 + 0.6 * within];
    }),
  );
}

/** Which weakness shows on which task. */
export function proneness(profile: Profile, suite: KnownSuite): Map<string, Weakness> {
  const prone = new Map<string, Weakness>();
  for (const { weakness, share } of profile.weaknesses) {
    const eagerness = (task: KnownTask): number =>
      draw('prone', profile.name, weakness.name, task.name) +
      (weakness.drawnTo.test(task.instruction) ? 0 : 0.35);
    const free = suite.tasks.filter((task) => !prone.has(task.name) && weakness.fits(task));
    free.sort((a, b) => eagerness(a) - eagerness(b));
    for (const task of free.slice(0, Math.round(share * suite.tasks.length))) prone.set(task.name, weakness);
  }
  return prone;
}

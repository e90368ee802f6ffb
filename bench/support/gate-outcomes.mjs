// Rounds from real outcomes: repeated graded attempts of published agents on Terminal-Bench core 0.1.1. An arm's trial of a task
// is one of its agent's attempts on it, drawn with replacement, so the share of passes among them is the truth here.
import { readFileSync } from 'node:fs';
import { shuffle } from '../../dist/validation/random.js';
import { heldInOf } from './gate-worlds.mjs';

const FILE = new URL('../data/terminal-bench-1-outcomes.json', import.meta.url);
const TARGET = 0.3;
/** P passed; F failed, T agent timed out: failed; V, E, I: verifier or set-up broke, so no verdict. */
const OUTCOMES = { P: true, F: false, T: false };

const { submissions } = JSON.parse(readFileSync(FILE, 'utf8'));
export const AGENTS = Object.keys(submissions).map((name) => name.replace(/^\d+_/, ''));
const ATTEMPTS = Object.values(submissions).map(
  (tasks) =>
    new Map(
      Object.entries(tasks).map(([task, letters]) => [
        task,
        [...letters].map((one) => OUTCOMES[one] ?? null),
      ]),
    ),
);

/** Tasks that every agent has an attempt with a verdict on. */
const TASKS = [...ATTEMPTS[0].keys()].filter((task) =>
  ATTEMPTS.every((agent) => agent.get(task)?.some((outcome) => outcome !== null)),
);
export const TASK_COUNT = TASKS.length;

/** The pairs that are compared: every agent with itself (A/A), and with every other one in its place (A/B). */
export const PAIRS = AGENTS.flatMap((_, a) => AGENTS.map((_, b) => ({ a, b })));

/** True difference of the agents' mean pass shares over the tasks, 0-1. */
export function trueDifference({ a, b }) {
  return TASKS.reduce((sum, task) => sum + share(b, task) - share(a, task), 0) / TASKS.length;
}

/** Agent `a` is the incumbent; the first of four candidates is agent `b`, the others are `a` again. */
export function drawOutcomeRound({ a, b }, seed, random) {
  const order = shuffle(TASKS, random);
  const heldIn = order.slice(0, heldInOf(order.length));
  const failed = heldIn.filter((task) => draw(a, task, random) === false);
  const candidates = ['c1', 'c2', 'c3', 'c4'].map((arm) => ({
    arm,
    targets: failed.filter(() => random() < TARGET),
  }));
  let invalid = false;
  return {
    plan: { heldIn, heldOut: order.slice(heldIn.length), candidates, seed },
    world: {
      passes: (members, { task }) => {
        const outcome = draw(members.includes('c1') ? b : a, task, random);
        invalid = outcome === null;
        return outcome ? 1 : 0;
      },
      invalid: () => (invalid ? 1 : 0),
    },
    gain: (members) => (members.includes('c1') ? trueDifference({ a, b }) : 0),
  };
}

function draw(agent, task, random) {
  const attempts = ATTEMPTS[agent].get(task);
  return attempts[Math.floor(random() * attempts.length)];
}

function share(agent, task) {
  const valid = ATTEMPTS[agent].get(task).filter((outcome) => outcome !== null);
  return valid.filter(Boolean).length / valid.length;
}

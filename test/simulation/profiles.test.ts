import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { abilities, type Profile, profiles, proneness } from '../../src/simulation/profiles.js';
import { knowSuite, understand } from '../../src/simulation/tasks.js';

const bundled = join(__dirname, '../../suites/terminal-basics');
const suite = knowSuite(bundled);
const profile = (name: string) => profiles.find((one) => one.name === name)!;

/** Mean chance to pass when the weaknesses show with a `left` part of their usual chance. */
function expected(model: Profile, left: number): number {
  const able = abilities(model, suite);
  const prone = proneness(model, suite);
  const chances = suite.tasks.map(
    ({ name }) => able.get(name)! * (prone.has(name) ? 1 - left * model.activation : 1),
  );
  return chances.reduce((sum, chance) => sum + chance, 0) / chances.length;
}

test('every bundled task with a solution is known, by its instruction and in steps', () => {
  const folders = readdirSync(bundled).filter((name) => existsSync(join(bundled, name, 'solution/solve.sh')));
  expect(suite.tasks.map(({ name }) => name).sort()).toEqual(folders.sort());
  for (const task of suite.tasks) {
    expect({ task: task.name, steps: task.doing.length > 0 }).toEqual({ task: task.name, steps: true });
    expect(suite.recognise(['hello', `Your task:\n${task.instruction}\n\nGood luck.`])?.name).toBe(task.name);
  }
  expect(suite.recognise(['Something else altogether.'])).toBeNull();
});

test.each([
  ['sim-minimax', 0.37, 0.5],
  ['sim-qwen', 0.15, 0.27],
  ['sim-glm', 0.41, 0.54],
])(
  '%s begins near the pass rate of the model it is modelled on, with a third to gain at least',
  (name, low, high) => {
    const baseline = expected(profile(name), 1);
    expect(baseline).toBeGreaterThan(low);
    expect(baseline).toBeLessThan(high);
    expect(expected(profile(name), 0.3) / baseline).toBeGreaterThan(1.33);
    expect(new Set([...proneness(profile(name), suite).values()]).size).toBeGreaterThanOrEqual(3);
  },
);

test('sim-steady has nothing to mend, and tasks of every difficulty', () => {
  expect(proneness(profile('sim-steady'), suite).size).toBe(0);
  const able = [...abilities(profile('sim-steady'), suite).values()];
  expect(able).toEqual(expect.arrayContaining([0, 1]));
  expect(able.filter((chance) => chance > 0 && chance < 1).length).toBeGreaterThan(able.length / 4);
});

test('a solution falls into steps; what it makes anew is told from what it changes', () => {
  const script =
    '#!/bin/bash\n# Look.\ncat /app/in.txt\n\n# Only a comment.\n\nsort /app/in.txt > /app/out.txt\n\n# Check.\nwc -l /app/out.txt';
  const task = understand('t', 'Sort /app/in.txt into /app/out.txt.', script);
  expect(task.blocks).toHaveLength(3);
  expect(task.doing).toEqual([1]);
  expect(task.target).toEqual({ path: '/app/out.txt', block: 1 });
  expect(
    understand(
      't',
      'Sort /app/in.txt in place.',
      'cat /app/in.txt\n\nsort /app/in.txt > /tmp/x\ncat /tmp/x > /app/in.txt',
    ).target,
  ).toBeNull();
});

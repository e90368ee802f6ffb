import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { trajectorySchema } from '../../src/trace/schema.js';
import { sample } from './sample.js';

const run = promisify(execFile);
const problems = (value: unknown) => {
  const parsed = trajectorySchema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.'));
};
type Mutable = ReturnType<typeof sample>;
/** What a broken trajectory looks like; shared by our schema and Harbor's models. */
const broken: [string, (t: Mutable) => void][] = [
  ['an unknown key at the root', (t) => Object.assign(t, { note: 1 })],
  ['an unknown key on a step', (t) => Object.assign(t.steps[1]!, { note: 1 })],
  ['an unknown key on the agent', (t) => Object.assign(t.agent, { note: 1 })],
  ['a gap in the step ids', (t) => Object.assign(t.steps[2]!, { step_id: 7 })],
  ['no steps', (t) => t.steps.splice(0)],
  [
    'a result for a call of another step',
    (t) => Object.assign(t.steps[2]!.observation!.results[0]!, { source_call_id: 'z' }),
  ],
  ['tool calls of a user', (t) => Object.assign(t.steps[2]!, { source: 'user' })],
  ['metrics without a model', (t) => Object.assign(t.steps[2]!, { llm_call_count: 0 })],
  ['a time that is none', (t) => Object.assign(t.steps[1]!, { timestamp: 'noon' })],
  ['a subagent without an id', (t) => Reflect.deleteProperty(t.subagent_trajectories![0]!, 'trajectory_id')],
];
const cases = () =>
  broken.map(([what, spoil]) => {
    const trajectory = JSON.parse(JSON.stringify(sample())) as Mutable;
    spoil(trajectory);
    return { what, trajectory };
  });

test('what we write is valid', () => {
  expect(problems(sample())).toEqual([]);
});

test.each(cases())('refused: $what', ({ trajectory }) => {
  expect(problems(trajectory).length).toBeGreaterThan(0);
});

test("Harbor's own models say the same", async () => {
  const python = await harborPython();
  if (typeof python !== 'string') {
    console.warn(`Harbor's models not used: ${python.reason}. Validated against our own schema only.`);
    return;
  }
  const documents = [sample(), ...cases().map(({ trajectory }) => trajectory)];
  const file = join(cache, 'trajectories.json');
  writeFileSync(file, JSON.stringify(documents));
  const script = `
import json, sys
from harbor.models.trajectories import Trajectory
def valid(document):
    try:
        Trajectory.model_validate(document)
        return True
    except ValueError:
        return False
print(json.dumps([valid(d) for d in json.load(open(sys.argv[1]))]))`;
  const { stdout } = await run(python, ['-c', script, file]);
  expect(JSON.parse(stdout)).toEqual(documents.map((document) => problems(document).length === 0));
}, 120_000);

const cache = join(__dirname, '../../node_modules/.cache/harbor');

/** A Python with Harbor's models, installed once into a cache; else the reason why there is none. */
async function harborPython(): Promise<string | { reason: string }> {
  const python = join(cache, 'venv/bin/python');
  const ready = join(cache, 'ready');
  if (existsSync(ready)) return python;
  try {
    mkdirSync(cache, { recursive: true });
    await run('python3', ['-m', 'venv', '--clear', join(cache, 'venv')], { timeout: 60_000 });
    const pip = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check'];
    // Only the models are used: they need pydantic, and neither Harbor's other dependencies nor its newest Python.
    await run(python, [...pip, '--no-deps', '--ignore-requires-python', 'harbor'], { timeout: 45_000 });
    await run(python, [...pip, 'pydantic'], { timeout: 45_000 });
    await run(python, ['-c', 'import harbor.models.trajectories'], { timeout: 20_000 });
    writeFileSync(ready, '');
    return python;
  } catch (error) {
    return { reason: (error as Error).message.split('\n')[0]! };
  }
}

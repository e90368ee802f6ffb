/** Freezes what an evolution holds fixed: everything that can be wrong is found here, before anything is spent. */
import { readFile, stat } from 'node:fs/promises';
import { parseHarness } from '../harness/parse.js';
import type { Harness } from '../harness/schema.js';
import { seedHarness } from '../harness/seed.js';
import { RegistryError } from '../registry/error.js';
import type { Registry } from '../registry/types.js';
import { type Failure, failure, type Problem } from '../suite/problem.js';
import { loadQuarantine, withoutQuarantined } from '../suite/quarantine.js';
import { drawSplit, loadSplit } from '../suite/split.js';
import { loadSuite } from '../suite/suite.js';
import type { Quarantine, SplitPlan, Suite } from '../suite/types.js';
import { plural } from '../validation/words.js';
import type { EvolutionConfig } from './config.js';
import type { Contract } from './types.js';

const HARNESS_BYTES_MAX = 1_000_000;

export interface SandboxIdentity {
  kind: 'bubblewrap' | 'host';
  fingerprint: string;
}

export interface PreparedContract {
  contract: Contract;
  harness: Harness;
  suite: Suite;
}

export async function prepareContract(
  config: EvolutionConfig,
  around: { registry: Registry; sandbox: SandboxIdentity; runtime: string; source: string },
): Promise<({ ok: true } & PreparedContract) | Failure> {
  const suite = await loadSuite(config.suite);
  if (!suite.ok) return suite;
  const unsupported = suite.suite.tasks.filter((task) => task.environment.unsupported !== null);
  const quarantined = await loadQuarantine(config.quarantine, suite.suite, around.source);
  if (!quarantined.ok) return quarantined;
  const { quarantine } = quarantined;
  const split = await splitOf(config, suite.suite, quarantine, around.source);
  if (!split.ok) return split;
  const unrenewable = renewalProblem(config, suite.suite, split.split, around.source);
  if (unrenewable) return failure(unrenewable);
  const harness = await startingHarness(config.harness, around.registry, around.source);
  if (!harness.ok) return harness;
  const used = new Set([...split.split.heldIn, ...split.split.heldOut, ...split.split.sealed]);
  const blocked = unsupported.filter((task) => used.has(task.name));
  if (blocked.length > 0) {
    return failure(
      ...blocked.slice(0, 10).map((task) => ({
        file: task.dir,
        field: 'environment',
        found: task.environment.unsupported!,
        expected: `an environment that a ${around.sandbox.kind} sandbox can build, or a split without this task, or the task under quarantine`,
      })),
    );
  }
  return {
    ok: true,
    suite: suite.suite,
    harness: harness.harness,
    contract: contractOf(config, suite.suite, split.split, quarantine, around),
  };
}

function contractOf(
  config: EvolutionConfig,
  suite: Suite,
  split: SplitPlan,
  quarantine: Quarantine,
  around: { sandbox: SandboxIdentity; runtime: string },
): Contract {
  return {
    version: 1,
    model: config.model,
    proposer: config.proposer ?? null,
    suite: { name: suite.name, dir: suite.dir, digest: suite.digest },
    tasks: suite.tasks.map(({ name, digest, category }) => ({ name, digest, category })),
    split,
    quarantine,
    limits: config.limits,
    sandbox: { ...around.sandbox, baseRoot: config.sandbox.baseRoot ?? null },
    gate: {
      kind: config.gate.kind,
      settings: {
        attempts: config.gate.attempts,
        screen: config.gate.screen,
        confirm: config.gate.confirm,
        minValidShare: config.gate.minValidShare,
        permutations: config.gate.permutations,
      },
    },
    runtime: around.runtime,
    seed: config.seed,
  };
}

async function splitOf(
  config: EvolutionConfig,
  suite: Suite,
  quarantine: Quarantine,
  source: string,
): Promise<{ ok: true; split: SplitPlan } | Failure> {
  if ('file' in config.split) return loadSplit(config.split.file, suite, quarantine);
  const reserved = config.heldOutUses.past === 'renew' ? config.split.heldOut : 0;
  const drawn = drawSplit(withoutQuarantined(suite, quarantine), { ...config.split, reserved });
  if (drawn.ok) return drawn;
  const left = Object.keys(quarantine).length;
  const found = (problem: Problem) =>
    left === 0 ? problem.found : `${problem.found} and ${left} quarantined`;
  return failure(...drawn.problems.map((problem) => ({ ...problem, file: source, found: found(problem) })));
}

/** Who asks for a worn heldOut to be renewed learns before anything is spent that it cannot be. */
function renewalProblem(
  config: EvolutionConfig,
  suite: Suite,
  split: SplitPlan,
  source: string,
): Problem | null {
  const reserve = new Set(split.reserve);
  const usable = suite.tasks.filter(
    ({ name, environment }) => reserve.has(name) && environment.unsupported === null,
  ).length;
  const missing = split.heldOut.length - usable;
  if (config.heldOutUses.past !== 'renew' || missing <= 0) return null;
  const place = 'file' in config.split ? config.split.file : 'split.sealed';
  const sealed = split.sealed.length - missing;
  const remedy =
    sealed >= 0
      ? `with ${sealed} sealed tasks instead of ${split.sealed.length} (${place}) it has them`
      : 'choose smaller splits or a larger suite';
  return {
    file: source,
    field: 'heldOutUses.past',
    found: `"renew" with ${plural(usable, 'task')} in the reserve that can be built here`,
    expected: `at least ${split.heldOut.length}, as many as heldOut has: ${remedy}, or say "warn"`,
  };
}

async function startingHarness(
  name: string,
  registry: Registry,
  source: string,
): Promise<{ ok: true; harness: Harness } | Failure> {
  if (name === 'seed') return { ok: true, harness: seedHarness() };
  if (/\.(ya?ml|json)$/.test(name) || name.includes('/')) return harnessFile(name);
  try {
    return { ok: true, harness: await registry.getVersion(await registry.resolve(name)) };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return failure({
      file: source,
      field: 'harness',
      found: JSON.stringify(name),
      expected: `a YAML file, "seed", or a ref or digest of the registry (${error.message})`,
    });
  }
}

export async function harnessFile(path: string): Promise<{ ok: true; harness: Harness } | Failure> {
  const problem = (found: string) =>
    failure({
      file: path,
      field: '(file)',
      found,
      expected: 'a harness document in YAML or JSON, at most 1 MB',
    });
  const size = await stat(path).then(
    (info) => (info.isFile() ? info.size : -1),
    () => -1,
  );
  if (size < 0) return problem('no such file');
  if (size > HARNESS_BYTES_MAX) return problem(`${size} bytes`);
  return parseHarness(await readFile(path, 'utf8'), path);
}

// A trial of 20 turns with a model that answers at once: sandbox, agent loop, tools, verifier and store included.
// Beside it, in the same run, the least that such commands take on this machine: the same ones in a shell kept in a bare
// bubblewrap, without agent, overlay, limits, verifier or store.
// CPU is the whole machine's busy time less what it is busy with at rest: the sandboxes' processes end under another
// parent, so no process's own figures hold them. Run it on a machine that does nothing else.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAgent } from '../dist/agent/loop.js';
import { seedHarness } from '../dist/harness/seed.js';
import { createSandboxProvider } from '../dist/sandbox/index.js';
import { createFileStore } from '../dist/store/file.js';
import { loadSuite } from '../dist/suite/suite.js';
import { executeTrial } from '../dist/trial/run.js';

const TURNS = 20;
const WARM_UP = 16;
const TRIALS = 160;
const AT_ONCE = 16;
const ALONE = 24;
const REST_MS = 2000;
/** Clock ticks a second of /proc/stat: 100 on every Linux. */
const TICKS = 100;

export async function measure({ say }) {
  const dir = await mkdtemp(join(tmpdir(), 'self-harness-bench-'));
  try {
    const trial = await trialRunner(dir);
    await inLanes(WARM_UP, 4, trial);
    const one = await timed(ALONE, 1, trial);
    say(`one at a time: ${one.rate.toFixed(1)} trials/s`);
    const rest = await resting();
    const many = await timed(TRIALS, AT_ONCE, trial);
    const bare = await timed(TRIALS, AT_ONCE, bareTrial);
    const cpu = ({ busy, wall }) => (busy - (rest.busy / rest.wall) * wall) / TRIALS;
    return {
      turns: TURNS,
      trials: TRIALS,
      trialsAtOnce: AT_ONCE,
      cpuSecondsPerTrial: round(cpu(many)),
      cpuSecondsBare: round(cpu(bare)),
      timesBare: round(cpu(many) / cpu(bare)),
      wallSecondsPerTrial: round(many.wall / (TRIALS / AT_ONCE)),
      wallSecondsAlone: round(one.wall / ALONE),
      trialsPerSecond: round(many.rate),
      rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function trialRunner(dir) {
  const loaded = await loadSuite('terminal-basics');
  if (!loaded.ok) throw new Error('the bundled suite does not load');
  const { suite } = loaded;
  const sandbox = createSandboxProvider({ kind: 'auto', allowHost: false, stateDir: dir });
  const limits = {
    turns: 100,
    toolCalls: 200,
    tokens: 1e9,
    agentSeconds: 600,
    memoryMb: 2048,
    processes: 512,
    storageMb: 1024,
  };
  const contract = {
    version: 1,
    model: { name: 'instant', contextTokens: 128_000, endpoint: {}, sampling: { seed: true } },
    proposer: null,
    suite,
    tasks: suite.tasks,
    split: { heldIn: suite.tasks.map(({ name }) => name), heldOut: [], sealed: [], reserve: [] },
    limits,
    sandbox: { kind: sandbox.kind, baseRoot: null, fingerprint: '' },
    seed: 1,
  };
  const deps = {
    store: createFileStore(join(dir, 'store')),
    sandbox,
    model: instantModel(),
    runAgent,
    redact: (value) => value,
  };
  const harness = seedHarness();
  return (index) => {
    const task = suite.tasks[index % suite.tasks.length].name;
    const spec = {
      contract: 'c'.repeat(64),
      harness: 'h'.repeat(64),
      task,
      purpose: 'bench',
      attempt: index,
    };
    return executeTrial(deps, { spec, contract, suite, harness });
  };
}

/** What agents do most: look, read, note, count. Each runs at least one program besides the shell. */
const COMMANDS = ['ls', 'cat /etc/hostname', 'date >> notes.txt', 'wc -l notes.txt; head -c 200 notes.txt'];

/** Works for 19 turns, then finishes. */
function instantModel() {
  return {
    async complete({ messages }) {
      const turn = messages.filter(({ role }) => role === 'assistant').length + 1;
      const call =
        turn < TURNS
          ? ['shell', { command: COMMANDS[turn % COMMANDS.length] }]
          : ['finish', { message: 'done' }];
      return {
        text: '',
        reasoning: '',
        toolCalls: [
          { id: `call-${turn}`, name: call[0], rawArguments: JSON.stringify(call[1]), arguments: call[1] },
        ],
        finishReason: 'tool-calls',
        usage: { promptTokens: 1000 * turn, cachedTokens: 0, completionTokens: 30, estimated: false },
        model: 'instant',
      };
    },
  };
}

const BARE =
  '--ro-bind / / --tmpfs /tmp --proc /proc --dev /dev --unshare-pid --unshare-net --unshare-ipc --chdir /tmp -- bash --norc --noprofile';

/** The commands of a trial, one after the other, in the shell of one bare sandbox. */
function bareTrial() {
  return new Promise((resolve, reject) => {
    const child = spawn('bwrap', BARE.split(' '), { stdio: ['pipe', 'ignore', 'ignore'] });
    child.on('error', reject);
    child.on('close', () => resolve({ turns: TURNS }));
    const commands = Array.from({ length: TURNS - 1 }, (_, turn) => COMMANDS[(turn + 1) % COMMANDS.length]);
    child.stdin.end(`${commands.join('\n')}\n`);
  });
}

async function timed(trials, lanes, trial) {
  const [wall, busy] = [performance.now(), busySeconds()];
  await inLanes(trials, lanes, trial);
  const seconds = (performance.now() - wall) / 1000;
  return { wall: seconds, busy: busySeconds() - busy, rate: trials / seconds };
}

/** What the machine is busy with when nothing is asked of it. */
async function resting() {
  const [wall, busy] = [performance.now(), busySeconds()];
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  return { wall: (performance.now() - wall) / 1000, busy: busySeconds() - busy };
}

let attempts = 0;

async function inLanes(count, lanes, trial) {
  let left = count;
  const lane = async () => {
    while (left-- > 0) {
      const result = await trial(++attempts);
      if (result.turns !== TURNS) throw new Error(`a trial took ${result.turns} turns: ${result.reason}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Seconds that the machine's processors were busy since it started. */
function busySeconds() {
  const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .trim()
    .split(/\s+/)
    .slice(1);
  return [user, nice, system, irq, softirq].reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

function round(value) {
  return Math.round(value * 1000) / 1000;
}

import type { StopReason } from '../../src/agent/types.js';
import { viewTrial } from '../../src/mining/calls.js';
import { STRONG } from '../../src/mining/detectors/finding.js';
import { detect } from '../../src/mining/detectors/index.js';
import type { Mechanism } from '../../src/mining/types.js';
import type { TrajectoryExtra } from '../../src/trace/types.js';
import { failing, finish, type Made, read, result, sh, trajectory, write } from './trials.js';

interface About {
  stop?: StopReason;
  verifier?: string;
  extra?: Partial<TrajectoryExtra>;
  seconds?: number;
}

function findings(
  calls: Made[],
  { stop = 'finished', verifier = '', extra = {}, seconds = 100 }: About = {},
) {
  return detect(viewTrial(result({ stopReason: stop, seconds }), trajectory(calls, extra), verifier));
}

/** Strength of one mechanism in a trace; 0: not seen. */
function strength(mechanism: Mechanism, calls: Made[], about?: About): number {
  return findings(calls, about).find((found) => found.mechanism === mechanism)?.strength ?? 0;
}

const strongest = (calls: Made[], about?: About) => findings(calls, about)[0]?.mechanism;
const looks = (n: number) =>
  Array.from({ length: n }, (_, i) => sh(`cat /data/part-${i}.log | head -50`, `line ${i}`));
const out = '/app/out.txt';
const declared = { artifacts_declared: [out], artifacts_missing: [out] };

describe('endless exploration', () => {
  test('reads until a limit ends the trial', () => {
    expect(strongest([...looks(14)], { stop: 'turn-limit', extra: declared })).toBe('endless-exploration');
    expect(
      strength('endless-exploration', [write('/app/plan', 'x'), ...looks(20)], { stop: 'time-limit' }),
    ).toBeGreaterThanOrEqual(STRONG);
  });
  test('looking around before the work is no weakness', () => {
    const calls = [...looks(14), sh(`sort -u /tmp/a > ${out}`), sh(`wc -l ${out}`, '3'), finish()];
    expect(strength('endless-exploration', calls)).toBe(0);
  });
  test('running programs that are not known as readers is not looking around', () => {
    const calls = Array.from({ length: 14 }, (_, i) => sh(`./simulate --step ${i}`, 'ok'));
    expect(strength('endless-exploration', calls, { stop: 'turn-limit' })).toBe(0);
  });
});

describe('repeated failing command', () => {
  const refuse = failing('install-file a b', 'b exists, will not overwrite');
  test('the same command after it failed', () => {
    expect(
      strength('repeated-failing-command', [refuse, refuse, refuse, refuse, finish()]),
    ).toBeGreaterThanOrEqual(STRONG);
    expect(strongest([refuse, sh('ls'), refuse, sh('ls'), refuse, sh('ls'), refuse, finish()])).toBe(
      'repeated-failing-command',
    );
  });
  test('white space does not make another command of it', () => {
    expect(
      strength('repeated-failing-command', [failing('a b'), failing('a  b'), failing('a   b')]),
    ).toBeGreaterThanOrEqual(STRONG);
  });
  test('variations of one program that fail in the same way', () => {
    const calls = [1, 2, 3, 4, 5, 6].map((i) =>
      failing(`compile --level ${i} x.c`, `x.c:${i}: error: expected ';'`),
    );
    expect(strength('repeated-failing-command', calls)).toBeGreaterThanOrEqual(STRONG);
  });
  test('a check that is run again after each repair is not it', () => {
    const round = (i: number) => [write('/app/x.py', `v${i}`), failing('python3 test_x.py', 'FAILED')];
    expect(strength('repeated-failing-command', [1, 2, 3, 4].flatMap(round))).toBe(0);
  });
  test('waiting for a server that comes up is not held against it', () => {
    const calls = [
      ...Array(4).fill(failing('curl localhost:80')),
      sh('curl localhost:80', 'hello'),
      finish(),
    ];
    expect(strength('repeated-failing-command', calls)).toBeLessThan(0.4);
  });
  test('commands that succeed may be repeated', () => {
    expect(strength('repeated-failing-command', Array(5).fill(sh('make', 'ok')))).toBe(0);
  });
});

describe('artifacts', () => {
  test('deleted and not made again, by the facts of the trace', () => {
    const calls = [
      sh(`sort a > ${out}`, '', { artifacts_created: [out] }),
      sh(`rm ${out}`, '', { artifacts_deleted: [out] }),
      finish(),
    ];
    expect(strongest(calls, { extra: declared })).toBe('artifact-deleted');
  });
  test('deleted, by what the command says, where the trace holds no facts', () => {
    expect(strongest([sh(`sort a > ${out}`), sh(`rm -f ${out}`), finish()], { extra: declared })).toBe(
      'artifact-deleted',
    );
  });
  test('deleted and made again is none', () => {
    const calls = [
      sh(`rm ${out}`, '', { artifacts_deleted: [out] }),
      sh(`sort a > ${out}`, '', { artifacts_created: [out] }),
      sh(`cat ${out}`),
      finish(),
    ];
    expect(
      strength('artifact-deleted', calls, { extra: { artifacts_declared: [out], artifacts_missing: [] } }),
    ).toBe(0);
  });
  test('removing files nobody asked for is none', () => {
    expect(strength('artifact-deleted', [sh('rm -rf /tmp/scratch'), finish()], { extra: declared })).toBe(0);
  });
  test('never written', () => {
    const calls = [sh('grep -c warn /data/a', '3'), sh('mkdir -p /app'), finish()];
    expect(strength('artifact-never-written', calls, { extra: declared })).toBeGreaterThanOrEqual(STRONG);
    expect(
      strength('artifact-never-written', [sh(`sort a > ${out}`), finish()], {
        extra: { artifacts_declared: [out], artifacts_missing: [] },
      }),
    ).toBe(0);
  });
});

describe('environment lost between calls', () => {
  const lost = 'environment-lost-between-calls';
  test('PATH set in one call, the program not found in the next', () => {
    const calls = [
      sh('ls /opt/kit/bin', 'kit'),
      sh('export PATH=$PATH:/opt/kit/bin && kit --version', 'kit 1.0'),
      failing('kit build', 'bash: line 1: kit: command not found', 127),
      finish(),
    ];
    expect(strongest(calls)).toBe(lost);
    expect(strength(lost, calls)).toBeGreaterThanOrEqual(STRONG);
  });
  test.each([
    ['dash', 'sh: 1: kit: not found'],
    ['zsh', 'zsh: command not found: kit'],
    ['env', "env: 'kit': No such file or directory"],
  ])('told by the words of %s as well', (_, words) => {
    const calls = [
      sh('PATH=/opt/kit/bin:$PATH; export PATH; kit init'),
      failing('kit build', words, 127),
      finish(),
    ];
    expect(strength(lost, calls)).toBeGreaterThanOrEqual(STRONG);
  });
  test('PATH set at the end of a call, for a program that was never seen', () => {
    const calls = [
      sh('./install.sh && export PATH=/app/bin:$PATH'),
      failing('bash make-report.sh', 'make-report.sh: line 3: kit: command not found', 127),
      finish(),
    ];
    expect(strongest(calls)).toBe(lost);
  });
  test('a variable that is gone', () => {
    const calls = [
      sh('export TARGET=/srv/www'),
      failing('cp index.html $TARGET/', "cp: cannot create regular file '/': No such file"),
      finish(),
    ];
    expect(strength(lost, calls)).toBeGreaterThanOrEqual(STRONG);
    const asked = [sh('export API_MODE=fast'), failing('./run', 'API_MODE is not set'), finish()];
    expect(strength(lost, asked)).toBeGreaterThanOrEqual(STRONG);
  });
  test('an error that shows the value had the variable', () => {
    const calls = [
      sh('export SRC=/app/src'),
      failing('cc $SRC/x.c', '/app/src/x.c: No such file or directory'),
      finish(),
    ];
    expect(strength(lost, calls)).toBe(0);
  });
  test('a directory that is gone', () => {
    const calls = [
      sh('cd /app/project'),
      failing('cat Makefile', 'cat: Makefile: No such file or directory'),
      finish(),
    ];
    expect(strength(lost, calls)).toBeGreaterThanOrEqual(STRONG);
  });
  test('a directory that was kept is not lost: the file is not there', () => {
    const calls = [
      sh('cd /app/project'),
      sh('pwd', '/app/project'),
      failing('cat Makefile', 'cat: Makefile: No such file or directory'),
    ];
    expect(strength(lost, calls)).toBe(0);
  });
  test('a virtual environment that is left again', () => {
    const calls = [
      sh('source venv/bin/activate && python -c "import numpy"'),
      failing('python run.py', "ModuleNotFoundError: No module named 'numpy'"),
      finish(),
    ];
    expect(strength(lost, calls)).toBeGreaterThanOrEqual(STRONG);
  });
  test('what a call sets for itself is not relied on later', () => {
    const calls = [
      sh('cd /app && make', 'ok'),
      sh('cd /app && make test', 'ok'),
      failing('nothere', 'nothere: command not found', 127),
    ];
    expect(strength(lost, calls)).toBe(0);
    expect(strength(lost, [sh('LANG=C sort a'), sh('sort b')])).toBe(0);
  });
  test('a program that never was there is a missing dependency, whatever was set', () => {
    const calls = [
      failing('jqq .', 'jqq: command not found', 127),
      failing('jqq -r .', 'jqq: command not found', 127),
      finish(),
    ];
    expect(strongest(calls)).toBe('missing-dependency-not-checked');
  });
  test('got over: the agent uses the whole path and goes on', () => {
    const calls = [
      sh('export PATH=/opt/kit/bin:$PATH && kit --version'),
      failing('kit build', 'kit: command not found', 127),
      sh('/opt/kit/bin/kit build'),
      finish(),
    ];
    const found = findings(calls).find((f) => f.mechanism === lost)!;
    expect(found.status).toBe('recovered-friction');
    expect(found.strength).toBeLessThan(0.5);
  });
  test('reachable for the agent, not for the verifier', () => {
    const calls = [sh('export PATH=/opt/kit/bin:$PATH && kit --version', 'kit 1.0'), finish()];
    expect(strength(lost, calls, { verifier: 'sh: 1: kit: not found' })).toBeGreaterThanOrEqual(STRONG);
  });
});

describe('the end of a trial', () => {
  test('finished although its check failed', () => {
    const calls = [write(out, 'x'), failing('bash /app/verify.sh', 'FAIL: 3 lines too many'), finish()];
    expect(strongest(calls)).toBe('finished-with-failing-check');
  });
  test('a check says so in words, with status 0', () => {
    const calls = [write(out, 'x'), sh('./run_tests.sh | tail -3', '2 failed, 5 passed'), finish()];
    expect(strength('finished-with-failing-check', calls)).toBeGreaterThanOrEqual(STRONG);
    expect(
      strength('finished-with-failing-check', [
        write(out, 'x'),
        sh('./run_tests.sh', '0 failed, 5 passed'),
        finish(),
      ]),
    ).toBe(0);
  });
  test("the harness's own word on what a check is goes first", () => {
    const calls = [write(out, 'x'), sh('make fit', 'done', { check_passed: false }), finish()];
    expect(strength('finished-with-failing-check', calls)).toBeGreaterThanOrEqual(STRONG);
  });
  test('a last command that failed', () => {
    expect(
      strength('finished-with-failing-check', [
        write(out, 'x'),
        failing('deploy --now', 'refused'),
        finish(),
      ]),
    ).toBeGreaterThanOrEqual(STRONG);
    expect(
      strength('finished-with-failing-check', [write(out, 'x'), failing('grep -q warn a', ''), finish()]),
    ).toBeLessThan(STRONG);
  });
  test('repaired and checked again is none', () => {
    const calls = [
      write(out, 'x'),
      failing('pytest', '1 failed'),
      write(out, 'y'),
      sh('pytest', '1 passed'),
      finish(),
    ];
    expect(strength('finished-with-failing-check', calls)).toBe(0);
  });
  test('finished without a look at what it made', () => {
    expect(strongest([sh('ls /data', 'a'), write(out, 'x'), finish()])).toBe('finished-without-checking');
    expect(strength('finished-without-checking', [write(out, 'x'), sh(`cat ${out}`, 'x'), finish()])).toBe(0);
  });
  test('stopped before it had tried', () => {
    expect(strongest([finish()])).toBe('stopped-early');
    expect(strongest([], { stop: 'answered' })).toBe('stopped-early');
    expect(strength('stopped-early', [...looks(5), write(out, 'x'), finish()])).toBe(0);
  });
  test('ran out of turns is not the same as stopping', () => {
    expect(strength('stopped-early', [sh('ls')], { stop: 'turn-limit' })).toBe(0);
    expect(strength('finished-with-failing-check', [failing('pytest')], { stop: 'turn-limit' })).toBe(0);
  });
});

describe('tool errors', () => {
  const refused = { ...write('/etc/app.conf', 'x'), content: 'permission denied', extra: { ok: false } };
  test('a failed write that nothing comes back to', () => {
    expect(
      strength('ignored-tool-error', [refused, sh('ls /data'), sh('cat /data/a'), finish()]),
    ).toBeGreaterThanOrEqual(STRONG);
  });
  test('tried another way', () => {
    expect(strength('ignored-tool-error', [refused, sh('sudo cp x /etc/app.conf'), finish()])).toBe(0);
  });
  test('calls that cannot be read', () => {
    const bad: Made = {
      tool: 'shell',
      args: {},
      content: 'not JSON',
      extra: { ok: false, malformed: 'not JSON' },
    };
    expect(strongest([bad, bad, bad, finish()])).toBe('malformed-tool-call');
    expect(strength('malformed-tool-call', [bad, ...looks(8)])).toBeLessThan(0.5);
  });
  test('markup of calls left in a file', () => {
    expect(
      strength('malformed-tool-call', [write(out, 'a\nb\n</parameter>\n</invoke>'), finish()]),
    ).toBeGreaterThanOrEqual(STRONG);
    expect(
      strength('malformed-tool-call', [write('/app/index.html', '<html><body>hi</body></html>'), finish()]),
    ).toBe(0);
  });
});

describe('dependencies', () => {
  test('a library that is not there, twice', () => {
    const miss = (file: string) => failing(`python3 ${file}`, "ModuleNotFoundError: No module named 'yaml'");
    expect(
      strength('missing-dependency-not-checked', [miss('a.py'), miss('b.py'), finish()]),
    ).toBeGreaterThanOrEqual(STRONG);
  });
  test('one that was looked for first', () => {
    const calls = [
      failing('command -v convert', ''),
      failing('convert a b', 'convert: command not found', 127),
    ];
    expect(strength('missing-dependency-not-checked', calls)).toBe(0);
  });
  test('one miss, then another way', () => {
    const calls = [
      failing('python run.py', 'python: command not found', 127),
      sh(`python3 run.py > ${out}`),
      sh(`cat ${out}`),
      finish(),
    ];
    expect(strength('missing-dependency-not-checked', calls)).toBeLessThan(0.4);
  });
});

describe('unbounded work', () => {
  const cut = (command: string) => sh(command, '', { exit_code: 124, timed_out: true, duration_ms: 60_000 });
  test('a computation that is cut off and eats the time', () => {
    expect(
      strongest([cut('./search --all'), cut('./search --all --fast')], { stop: 'time-limit', seconds: 130 }),
    ).toBe('unbounded-computation');
  });
  test('a download', () => {
    expect(
      strongest([cut('wget https://mirror.example/big.iso'), cut('pip install torch')], { seconds: 130 }),
    ).toBe('unbounded-download');
  });
  test('downloads that all fail, one after the other', () => {
    const miss = (host: string) =>
      failing(`curl -fsS https://${host}/x.tgz -o x.tgz`, 'Could not resolve host', 6);
    expect(strongest([miss('a.example'), miss('b.example'), miss('c.example'), finish()])).toBe(
      'unbounded-download',
    );
    const wentOn = [
      miss('a.example'),
      miss('b.example'),
      sh(`awk '{s+=$1} END {print s}' a > ${out}`),
      sh(`cat ${out}`),
      finish(),
    ];
    expect(strength('unbounded-download', wentOn)).toBeLessThan(STRONG);
    expect(
      strength('unbounded-download', [miss('a.example'), sh('pip install --no-index x'), finish()]),
    ).toBe(0);
  });
  test('asking a service of its own is no download', () => {
    expect(strength('unbounded-download', Array(4).fill(failing('curl -s localhost:8080/x')))).toBe(0);
  });
  test('a command still running when time was up', () => {
    const t = trajectory([sh('ls'), sh('./train')]);
    t.steps.at(-1)!.observation = undefined;
    const seen = detect(viewTrial(result({ stopReason: 'time-limit' }), t, ''));
    expect(seen[0]?.mechanism).toBe('unbounded-computation');
  });
  test('bounded by the agent itself', () => {
    const bounded = failing('timeout 20 ./search --all', '', 124);
    expect(strength('unbounded-computation', [bounded, bounded], { stop: 'time-limit' })).toBe(0);
  });
  test('quick commands', () => {
    expect(
      strength('unbounded-computation', [sh('make', '', { duration_ms: 900 })], { stop: 'time-limit' }),
    ).toBe(0);
  });
});

describe('services', () => {
  const refused = 'curl: (7) Failed to connect to localhost port 8080: Connection refused';
  test('started in the foreground, cut off', () => {
    const calls = [sh('python3 -m http.server 8080', '', { exit_code: 124, timed_out: true }), finish()];
    expect(strongest(calls, { verifier: refused })).toBe('service-not-left-running');
  });
  test('never started', () => {
    expect(
      strength('service-not-left-running', [write('/app/server.py', 'x'), finish()], { verifier: refused }),
    ).toBeGreaterThanOrEqual(STRONG);
  });
  test('not where the verifier reached it', () => {
    expect(
      strength('service-not-left-running', [sh('./serve &'), finish()], { verifier: 'wrong greeting' }),
    ).toBe(0);
  });
});

describe('context', () => {
  test('overflowed', () => {
    expect(strength('lost-context', [read('/a')], { stop: 'context-overflow' })).toBeGreaterThanOrEqual(
      STRONG,
    );
  });
  test('repeats its reading after it was condensed', () => {
    const t = trajectory([...looks(4), ...looks(4), write(out, 'x'), finish()]);
    t.steps[6]!.extra = { context_management: { type: 'compaction', boundary: 'replace' } };
    expect(detect(viewTrial(result(), t, '')).map((f) => f.mechanism)).toContain('lost-context');
  });
});

test('a trial in good order shows nothing strong', () => {
  const calls = [
    sh('ls /data', 'a b'),
    sh('head /data/a', 'x'),
    sh(`sort -u /data/* > ${out}`),
    sh(`wc -l ${out}`, '12'),
    sh('./check.sh', 'ok'),
    finish(),
  ];
  expect(
    findings(calls, {
      verifier: 'expected 13 lines',
      extra: { artifacts_declared: [out], artifacts_missing: [] },
    }),
  ).toEqual([]);
});

test('calls are read whatever the tools and their arguments are named', () => {
  const bash = (command: string, content: string, exit_code: number): Made => ({
    tool: 'bash',
    args: { cmd: ['bash', '-lc', command] },
    content,
    extra: { exit_code },
  });
  const calls = Array.from({ length: 4 }, () => bash('mv a b', 'mv: denied', 1));
  expect(strength('repeated-failing-command', calls)).toBeGreaterThanOrEqual(STRONG);
});

test('the same trace gives the same findings', () => {
  const calls = [...looks(3), failing('pytest'), failing('pytest'), finish()];
  expect(findings(calls)).toEqual(findings(calls));
});

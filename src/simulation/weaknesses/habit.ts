/**
 * Was told that the rules of a project stand in one place, and looks there only. Where that place says that the rules are
 * elsewhere, it goes by the habits of its house instead: it opens the pull request by those, sees the server refuse it, and
 * finishes all the same.
 */
import type { Behaviour, Mind, Observation } from '../mind.js';
import type { KnownTask } from '../tasks.js';
import { finish, look, run, solve } from '../work.js';
import type { Weakness } from './types.js';

interface Job {
  /** Folder of the clone. */
  clone: string;
  issue: string;
  /** Commands that write the patch, on whatever is checked out. */
  patch: string;
}

export const habit: Weakness = {
  name: 'habit',
  fits: (task) => jobOf(task) !== null,
  drawnTo: /\bpull request\b/i,
  *act(mind, start) {
    const job = jobOf(mind.task)!;
    yield* look();
    if (!mind.instructed('fixed-place')) return yield* solve(mind);
    if (turned(mind, start) || mind.instructed('follow-references')) return yield* solve(mind);
    let seen = yield* run(`cat ${job.clone}/CONTRIBUTING.md`, 'The rules first.');
    if (turned(mind, seen) || !elsewhere(seen)) return yield* solve(mind);
    for (const command of byHabit(job)) {
      seen = yield* run(command);
      if (turned(mind, seen)) return yield* anew(mind, job);
    }
    for (let tries = 0; tries < 3; tries++) {
      seen = yield { kind: 'finish', message: `The fix is committed on fix/${job.issue}, with its request.` };
      if (turned(mind, seen)) return yield* anew(mind, job);
    }
    return yield* finish(mind);
  },
};

function turned(mind: Mind, seen: Observation): boolean {
  return mind.heard(seen, 'follow-references');
}

/** Whether what it read says that the rules are somewhere else. */
function elsewhere(seen: Observation): boolean {
  return /\b(superseded|moved|no longer|replaced)\b/i.test(seen.results.at(-1)?.text ?? '');
}

/** What it has always done, whatever the project. */
function byHabit({ clone, issue, patch }: Job): string[] {
  return [
    `git -C ${clone} checkout -q -b fix/${issue}\n${patch}`,
    `sh ${clone}/tests/run.sh`,
    [
      `mkdir -p ${clone}/pull-requests`,
      `printf 'Title: Fix issue ${issue}\\nIssue: #${issue}\\nReviewer: anyone\\n' > ${clone}/pull-requests/${issue}.md`,
      `git -C ${clone} add -A`,
      `git -C ${clone} commit -q -m 'Fix issue ${issue}' -m 'Issue: #${issue}'`,
    ].join('\n'),
    `git -C ${clone} push origin fix/${issue}`,
    `git -C ${clone} log --oneline -n 3`,
  ];
}

/** Once more from a clean clone, now by the rules that hold. */
function* anew(mind: Mind, { clone }: Job): Behaviour {
  yield* run(`git -C ${clone} checkout -q -f main\ngit -C ${clone} clean -fdq`, 'Once more, by the rules.');
  return yield* solve(mind);
}

/** null: the task is not about a patch and a pull request. */
function jobOf(task: KnownTask): Job | null {
  const clone = /(\/app\/[\w-]+) is a clone/.exec(task.instruction)?.[1];
  const issue = /#(\d+)/.exec(task.instruction)?.[1];
  const patch = task.blocks
    .map((block) => /^git -C \S+ apply <<'PATCH'\n[\s\S]*\nPATCH$/m.exec(block)?.[0])
    .find((command) => command !== undefined);
  return clone && issue && patch && /\bpull request\b/i.test(task.instruction)
    ? { clone, issue, patch }
    : null;
}

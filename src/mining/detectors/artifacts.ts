import { type Call, produces, type TrialView } from '../calls.js';
import { programOf } from '../shell.js';
import { count, type Detector, finding } from './finding.js';

/** Something that was to be delivered was removed by the agent and not made again. */
export const artifactDeleted: Detector = (view) => {
  const seen = lost(view, (call) => call.deleted);
  if (seen.length > 0) {
    const paths = new Set(seen.flatMap((call) => call.deleted));
    return finding(
      'artifact-deleted',
      0.95,
      `${count(paths.size, 'declared artifact')} deleted and not made again.`,
      seen,
    );
  }
  const wanted = new Set([...view.missing, ...view.declared]);
  const own = new Set<string>();
  const removed = view.calls.filter((call) => {
    const hits = removals(call).filter((path) => wanted.has(path) || own.has(path));
    for (const path of writesOf(call)) own.add(path);
    return hits.some(
      (path) => !madeAfter(view, call.index, path) && (view.missing.includes(path) || !wanted.has(path)),
    );
  });
  if (removed.length === 0) return null;
  const delivered = removed.some((call) => removals(call).some((path) => wanted.has(path)));
  return finding(
    'artifact-deleted',
    delivered ? 0.85 : 0.3,
    delivered
      ? 'A declared artifact was removed by a command and not made again.'
      : 'A file of its own was removed and not made again.',
    removed,
  );
};

/** The trial ended without an artifact that the task names and that never existed. */
export const artifactNeverWritten: Detector = (view) => {
  const attempted = view.calls.filter((call) =>
    [...writesOf(call)].some((path) => view.missing.includes(path)),
  );
  if (view.missing.length > 0) {
    const ever = view.calls.some((call) => call.created.some((path) => view.missing.includes(path)));
    if (ever) return null;
    return finding(
      'artifact-never-written',
      view.ended ? 0.75 : 0.65,
      `${count(view.missing.length, 'declared artifact')} of ${view.declared.length || view.missing.length} never written${attempted.length > 0 ? ', though it was tried' : ''}.`,
      [...attempted, ...view.calls.slice(-2)],
    );
  }
  if (view.calls.length === 0 || view.calls.some(produces)) return null;
  return finding(
    'artifact-never-written',
    0.5,
    'Nothing was written in the whole trial.',
    view.calls.slice(-2),
  );
};

/** Calls that removed paths which are still gone at the end. */
function lost(view: TrialView, pathsOf: (call: Call) => string[]): Call[] {
  return view.calls.filter((call) => pathsOf(call).some((path) => !madeAfter(view, call.index, path)));
}

function madeAfter(view: TrialView, index: number, path: string): boolean {
  return view.calls.some(
    (call) =>
      call.index > index && (call.created.includes(path) || (!call.failed && writesOf(call).has(path))),
  );
}

/** Paths that a call writes by its own words: file tools, redirections, targets of copies. */
function writesOf(call: Call): Set<string> {
  const paths = new Set(call.created);
  if (call.kind === 'write' && call.path !== '') paths.add(call.path);
  for (const command of call.commands) {
    for (const path of command.writes) paths.add(path);
    if (/^(cp|mv|install|ln|touch|tee)$/.test(programOf(command))) {
      const target = command.words.at(-1)!;
      if (command.words.length > 1) paths.add(target);
    }
  }
  return paths;
}

function removals(call: Call): string[] {
  if (call.failed) return [];
  return call.commands
    .filter((command) => /^(rm|unlink|shred|trash|rmdir)$/.test(programOf(command)))
    .flatMap((command) => command.words.slice(1).filter((word) => !word.startsWith('-')));
}

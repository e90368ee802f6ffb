/** The parts that both readings of a trajectory (a model's, a person's) show of a step. */
import type { ResultExtra, TrajectoryStep } from './types.js';

export type StepResult = NonNullable<TrajectoryStep['observation']>['results'][number];

/** How a call went, in a few words: `exit 1, blocked by rule no-repeat, 3.2 s`. */
export function resultFacts(extra: ResultExtra | undefined): string[] {
  if (!extra) return [];
  const facts: string[] = [];
  if (extra.exit_code !== undefined) facts.push(`exit ${extra.exit_code}`);
  else if (extra.ok === false) facts.push('failed');
  if (extra.timed_out) facts.push('timed out');
  if (extra.blocked_by) facts.push(`blocked by rule ${extra.blocked_by}`);
  if (extra.malformed) facts.push(`malformed call: ${extra.malformed}`);
  if (extra.check_passed !== undefined) facts.push(extra.check_passed ? 'check passed' : 'check failed');
  if (extra.artifacts_created?.length) facts.push(`created ${extra.artifacts_created.join(', ')}`);
  if (extra.artifacts_deleted?.length) facts.push(`deleted ${extra.artifacts_deleted.join(', ')}`);
  if (extra.omitted_bytes) facts.push(`${extra.omitted_bytes} bytes left out`);
  if (extra.duration_ms !== undefined && extra.duration_ms >= 1000)
    facts.push(`${(extra.duration_ms / 1000).toFixed(1)} s`);
  return facts;
}

/** What the harness did at a step. */
export function harnessFacts(step: TrajectoryStep): string[] {
  const { rules = [], rule_errors = [], limit, context_management: context } = step.extra ?? {};
  return [
    ...rules.map((fired) => `rule ${fired.rule} acted (${fired.event}): ${fired.actions.join(', ')}`),
    ...rule_errors.map((broken) => `rule ${broken.rule} failed: ${broken.message}`),
    ...(limit ? [`limit reached: ${limit}`] : []),
    ...(context ? [`context: ${context.type}`] : []),
  ];
}

/** Whether something went wrong or the harness acted: what a reader must not miss. */
export function isNotable(step: TrajectoryStep): boolean {
  if (harnessFacts(step).length > 0) return true;
  return (step.observation?.results ?? []).some(({ extra }) => {
    if (!extra) return false;
    const failed = extra.ok === false || (extra.exit_code ?? 0) !== 0 || extra.timed_out === true;
    return (
      failed ||
      extra.blocked_by !== undefined ||
      Boolean(extra.artifacts_deleted?.length) ||
      Boolean(extra.malformed)
    );
  });
}

/** Arguments in one line; a single text argument, as a shell's command, bare. */
export function argumentText(args: Record<string, unknown>): string {
  const values = Object.values(args);
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : JSON.stringify(args);
}

/** Executable policies: a harness's rules, compiled once per trial and asked at every event. */

import type { RuleContext } from './rule-context.js';
import { activate, type CompiledWhen, compileWhen } from './rule-environment.js';
import type { Harness, Rule, RuleAction, RuleEvent } from './schema.js';

export { RULE_FUNCTIONS, RULE_VARIABLES } from './rule-variables.js';

export interface RuleProblem {
  rule: string;
  /** Offset in the rule's `when`, from 0. */
  position: number;
  message: string;
}

export interface FiredRule {
  rule: string;
  actions: RuleAction[];
}

export interface RuleError {
  rule: string;
  message: string;
}

/** The rules of one trial: it counts how often each has acted, so every trial needs an engine of its own. */
export interface RuleEngine {
  /**
   * The rules that act at an event, in order. All of them see the same context, so none sees what another did.
   * A rule that fails is reported and skipped; nothing is thrown.
   */
  evaluate(event: RuleEvent, context: RuleContext): { fired: FiredRule[]; errors: RuleError[] };
}

interface LiveRule {
  name: string;
  rule: Rule;
  holds: Extract<CompiledWhen, { ok: true }>['holds'];
  acted: number;
  /** `toolCalls` when it last acted. */
  actedAt: number;
}

/** Parses and type-checks every rule. Problems come in order of the rules' names. */
export function compileRules(
  harness: Pick<Harness, 'rules'>,
): { ok: true; engine: RuleEngine } | { ok: false; problems: RuleProblem[] } {
  const live: LiveRule[] = [];
  const problems: RuleProblem[] = [];
  for (const [name, rule] of Object.entries(harness.rules)) {
    const compiled = compileWhen(rule.when);
    if (compiled.ok) live.push({ name, rule, holds: compiled.holds, acted: 0, actedAt: 0 });
    else problems.push({ rule: name, position: compiled.position, message: compiled.message });
  }
  if (problems.length > 0) return { ok: false, problems };
  live.sort((a, b) => a.rule.order - b.rule.order || (a.name < b.name ? -1 : 1));
  return { ok: true, engine: engineOf(live) };
}

function engineOf(rules: LiveRule[]): RuleEngine {
  return {
    evaluate(event, context) {
      const fired: FiredRule[] = [];
      const errors: RuleError[] = [];
      const ready = rules.filter((live) => live.rule.on === event && mayAct(live, context.toolCalls));
      if (ready.length === 0) return { fired, errors };
      const activation = activate(context);
      for (const live of ready) {
        try {
          if (!live.holds(activation)) continue;
        } catch (error) {
          errors.push({ rule: live.name, message: errorMessage(error) });
          continue;
        }
        live.acted += 1;
        live.actedAt = context.toolCalls;
        fired.push({ rule: live.name, actions: live.rule.do });
      }
      return { fired, errors };
    },
  };
}

function mayAct({ rule, acted, actedAt }: LiveRule, toolCalls: number): boolean {
  if (acted === 0) return true;
  if (rule.limit !== null && acted >= rule.limit) return false;
  return toolCalls - actedAt >= rule.cooldown;
}

/** The library's messages go on with a drawing of the place; the first line says what happened. */
function errorMessage(error: unknown): string {
  const { summary, message } = error as { summary?: string; message?: string };
  return (summary ?? message ?? String(error)).split('\n', 1)[0]!;
}

/**
 * What an expression may cost. CEL has no loops but its comprehensions; together with strings that a comprehension can
 * double, or lists that can be joined, even they run for ever. So comprehensions go one deep, over lists that do not grow,
 * and only documented functions may be called: the work is then at most nodes x list length x string length.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { RULE_FUNCTIONS, RULE_VARIABLES, type RuleVariable } from './rule-variables.js';

/** Structural limits that the CEL parser itself holds. */
export const CEL_LIMITS = {
  maxAstNodes: 300,
  maxDepth: 40,
  maxListElements: 64,
  maxMapEntries: 1,
  maxCallArguments: 4,
};

export interface BoundProblem {
  /** Offset in the expression, from 0. */
  position: number;
  message: string;
}

const COMPREHENSIONS: ReadonlySet<string> = new Set(['exists', 'exists_one', 'all', 'filter']);
const variables = new Map<string, RuleVariable>(Object.entries(RULE_VARIABLES));

/** The first thing in a parsed expression that rules may not use; null: all is well. */
export function boundProblem(node: ASTNode, loopVariable: string | null = null): BoundProblem | null {
  const at = (message: string): BoundProblem => ({ position: node.start, message });
  switch (node.op) {
    case 'map':
      return at('maps are not supported');
    case 'list':
      if (node.args.some((entry) => mayBeList(entry, loopVariable)))
        return at('lists of lists are not supported');
      break;
    case '+':
      if (node.args.some((side) => mayBeList(side, loopVariable))) return at('lists cannot be joined');
      break;
    case '[]':
      if (groupName(node.args[0]) !== null) return at('fields are written with a dot, as in call.command');
      break;
    case 'call':
    case 'rcall': {
      const name = node.args[0];
      if (!Object.hasOwn(RULE_FUNCTIONS, name)) return at(`the function ${name} is not supported`);
      if (node.op === 'rcall' && COMPREHENSIONS.has(name))
        return comprehensionProblem(node.args, loopVariable, at);
      break;
    }
  }
  return first(children(node), loopVariable);
}

function comprehensionProblem(
  [name, list, [variable, condition]]: [string, ASTNode, ASTNode[]],
  loopVariable: string | null,
  at: (message: string) => BoundProblem,
): BoundProblem | null {
  if (loopVariable !== null) return at(`${name} cannot stand inside another one; use "x in list"`);
  if (variable?.op !== 'id' || condition === undefined) return at(`${name} takes a name and a condition`);
  return boundProblem(list, null) ?? boundProblem(condition, variable.args);
}

function first(nodes: readonly ASTNode[], loopVariable: string | null): BoundProblem | null {
  for (const node of nodes) {
    const problem = boundProblem(node, loopVariable);
    if (problem !== null) return problem;
  }
  return null;
}

function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
    case 'map':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** Whether a value can be a list, going by the form alone: with one type per expression that is enough to tell. */
function mayBeList(node: ASTNode, loopVariable: string | null): boolean {
  switch (node.op) {
    case 'list':
      return true;
    case 'rcall':
      return node.args[0] === 'filter';
    case '?:':
      return mayBeList(node.args[1], loopVariable) || mayBeList(node.args[2], loopVariable);
    case 'id':
    case '.':
      return dottedName(node) !== loopVariable && variables.get(dottedName(node))?.type === 'list<string>';
    default:
      return false;
  }
}

function dottedName(node: ASTNode): string {
  if (node.op === 'id') return node.args;
  return node.op === '.' ? `${dottedName(node.args[0])}.${node.args[1]}` : '';
}

/** The group, such as `call`, that a node names; null for any other node. */
function groupName(node: ASTNode): string | null {
  if (node.op !== 'id') return null;
  const prefix = `${node.args}.`;
  return [...variables.keys()].some((path) => path.startsWith(prefix)) ? node.args : null;
}

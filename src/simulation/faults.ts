/** Failures on demand, as endpoints have them: by options of the server, by a suffix of the model's name, by a header. */
import { draw } from './chance.js';

export type FaultKind =
  /** An HTTP status with an error body. */
  | { kind: 'status'; status: number; code?: string; message?: string; headers?: Record<string, string> }
  /** Waits before it answers. */
  | { kind: 'slow'; ms: number }
  /** Ends the connection in the middle of the answer. */
  | { kind: 'cut' }
  /** Answers something that is no JSON. */
  | { kind: 'garbage' }
  /** Reports an error inside a 200. */
  | { kind: 'inside'; status: number };

export type Fault = FaultKind & {
  /** Requests that it hits, counted from the first; default: all. */
  times?: number;
  /** Chance for each request, drawn from its content; default 1. */
  chance?: number;
};

/**
 * A fault in words, as in the model name `sim-qwen@429`, `sim-glm@cut:0.1` (one request in ten) or the header
 * `x-sim-fault: slow`. Known: a status, `quota`, `context`, `slow`, `cut`, `garbage`, `inside`. null: not understood.
 */
export function parseFault(text: string): Fault | null {
  const match = /^(\d{3}|quota|context|slow|cut|garbage|inside)(?::(0?\.\d+|1))?$/.exec(text.trim());
  if (!match) return null;
  const chance = match[2] === undefined ? {} : { chance: Number(match[2]) };
  const word = match[1]!;
  if (word === 'quota')
    return {
      kind: 'status',
      status: 429,
      code: 'insufficient_quota',
      message: 'You exceeded your current quota.',
      ...chance,
    };
  if (word === 'context')
    return {
      kind: 'status',
      status: 400,
      code: 'context_length_exceeded',
      message: 'This exceeds the maximum context length.',
      ...chance,
    };
  if (word === 'slow') return { kind: 'slow', ms: 1500, ...chance };
  if (word === 'inside') return { kind: 'inside', status: 502, ...chance };
  if (word === 'cut' || word === 'garbage') return { kind: word, ...chance };
  const headers = word === '429' ? { headers: { 'retry-after-ms': '20' } } : {};
  return { kind: 'status', status: Number(word), ...headers, ...chance };
}

/** Decides for each request which faults hit it. Counting makes this the one part of the server with a memory. */
export function faultPlan(faults: Fault[]): (requestBody: string, named: Fault[]) => Fault[] {
  const left = faults.map((fault) => fault.times ?? Number.POSITIVE_INFINITY);
  let requests = 0;
  return (requestBody, named) => {
    requests++;
    // Each by a draw of its own: by one for all, the likeliest would hide the others.
    const hits = (fault: Fault, i: number): boolean =>
      fault.chance === undefined || draw('fault', requests, i, requestBody) < fault.chance;
    const planned = faults.filter((fault, i) => left[i]! > 0 && hits(fault, i) && left[i]!-- > 0);
    return [...planned, ...named.filter((fault, i) => hits(fault, faults.length + i))];
  };
}

/** Reads the JSON object in a model's answer: bare, in a code fence, or with prose around it. */

const ANSWER_CHARS = 200_000;
const STARTS_MAX = 20;

export type JsonAnswer = { ok: true; value: Record<string, unknown> } | { ok: false; problem: string };

/** The first text in `answer` that is a JSON object. `problem` is worded for the model that wrote it. */
export function jsonAnswer(answer: string): JsonAnswer {
  const text = answer.slice(0, ANSWER_CHARS).trim();
  if (text === '') return { ok: false, problem: 'The answer was empty; expected one JSON object.' };

  let problem = 'The answer holds no JSON object; expected exactly one, and nothing else.';
  let from = text.indexOf('{');
  for (let tries = 0; from >= 0 && tries < STARTS_MAX; tries++) {
    const end = objectEnd(text, from);
    const candidate = text.slice(from, end);
    try {
      return { ok: true, value: JSON.parse(candidate) as Record<string, unknown> };
    } catch (error) {
      if (tries === 0) problem = `The JSON does not parse: ${(error as Error).message.slice(0, 200)}`;
    }
    // Never into a broken object: a part of it is not the answer.
    from = text.indexOf('{', end);
  }
  return { ok: false, problem };
}

/** Index behind the brace that closes the one at `from`; the end of the text when none does. */
function objectEnd(text: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i += 1;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{') depth += 1;
    else if (c === '}' && --depth === 0) return i + 1;
  }
  return text.length;
}

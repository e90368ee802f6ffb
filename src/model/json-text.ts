/** JSON in what models write: bare, in code fences, or with prose around it. */

/** Characters that are looked at for a start of JSON. */
const maxStarts = 200;

/** The first JSON object or array in `text`; undefined when there is none that parses. */
export function extractJson(text: string): unknown {
  const whole = tryParse(text.trim());
  if (whole !== undefined) return whole;
  for (const block of fencedBlocks(text)) {
    const parsed = tryParse(block.body.trim());
    if (parsed !== undefined) return parsed;
  }
  let starts = 0;
  for (const match of text.matchAll(/[{[]/g)) {
    if (++starts > maxStarts) return undefined;
    const end = balancedEnd(text, match.index);
    const parsed = end === -1 ? undefined : tryParse(text.slice(match.index, end));
    if (parsed !== undefined) return parsed;
  }
  return undefined;
}

export interface FencedBlock {
  /** What stands after the opening fence: `json`, `tool`, or ''. */
  language: string;
  body: string;
  start: number;
  end: number;
}

/** Code blocks between ``` lines, in order; one that is never closed reaches to the end. */
export function fencedBlocks(text: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let open: { language: string; start: number; body: number } | null = null;
  for (const match of text.matchAll(/^[ \t]*```+[ \t]*([\w-]*)[ \t]*$/gm)) {
    const after = match.index + match[0].length;
    if (!open) open = { language: match[1]!.toLowerCase(), start: match.index, body: after };
    else {
      blocks.push({
        language: open.language,
        body: text.slice(open.body, match.index),
        start: open.start,
        end: after,
      });
      open = null;
    }
  }
  if (open)
    blocks.push({
      language: open.language,
      body: text.slice(open.body),
      start: open.start,
      end: text.length,
    });
  return blocks;
}

function tryParse(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Index after the bracket that closes the one at `start`; -1 when it is never closed. */
function balancedEnd(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') {
      depth--;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

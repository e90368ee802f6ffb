/** Which lines of a text went, came and stayed: longest common subsequence. */

export interface LineChange {
  kind: 'same' | 'removed' | 'added';
  line: string;
}

/** Cells of the table up to which lines are compared; above, the middle counts as replaced. 4 bytes each. */
const MAX_CELLS = 1_000_000;

export function diffLines(a: readonly string[], b: readonly string[]): LineChange[] {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return [
    ...mark('same', a.slice(0, head)),
    ...diffMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...mark('same', a.slice(a.length - tail)),
  ];
}

function diffMiddle(a: readonly string[], b: readonly string[]): LineChange[] {
  if (a.length * b.length > MAX_CELLS) return [...mark('removed', a), ...mark('added', b)];
  const width = b.length + 1;
  // common[i * width + j]: length of the longest common subsequence of a from i and b from j.
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const changes: LineChange[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      changes.push({ kind: 'same', line: a[i]! });
      i++;
      j++;
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) {
      changes.push({ kind: 'removed', line: a[i++]! });
    } else {
      changes.push({ kind: 'added', line: b[j++]! });
    }
  }
  return [...changes, ...mark('removed', a.slice(i)), ...mark('added', b.slice(j))];
}

function mark(kind: LineChange['kind'], lines: readonly string[]): LineChange[] {
  return lines.map((line) => ({ kind, line }));
}

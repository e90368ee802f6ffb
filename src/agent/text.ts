/** Bounded text: everything that the agent shows to a model, a rule or a trace passes through here. */

/** At most about `max` characters of `text`: its head and tail, and between them how much is missing. */
export function clipMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.max(1, Math.floor(max / 2));
  const head = whole(text.slice(0, half));
  const tail = text.slice(-half).replace(/^[\uDC00-\uDFFF]/, '');
  return `${head}\n[... ${text.length - head.length - tail.length} characters omitted ...]\n${tail}`;
}

/** At most `max` characters of `text`, with an ellipsis where something is missing. */
export function clipEnd(text: string, max: number): string {
  return text.length <= max ? text : `${whole(text.slice(0, Math.max(0, max - 3)))}...`;
}

/** Quotes data line by line, so that no content can pass for the text around it. */
export function quoteLines(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

/** One word of a POSIX shell that stands for exactly `value`. */
export function shellQuote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** Without half a surrogate pair at the end. */
function whole(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '');
}

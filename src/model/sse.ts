/** Server-sent events, as far as chat completions use them: only the data of each event. */

/** Characters of one event; more is not an answer of a model. */
const maxEventChars = 8 * 1024 * 1024;

/**
 * Yields the data of each event. Comments, event names and ids are dropped; a last event without its blank line counts.
 * @throws {RangeError} when one event is larger than 8 MiB.
 */
export async function* eventData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending = '';
  let data: string[] = [];
  for await (const part of bytes) {
    const text = pending + decoder.decode(part, { stream: true });
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const line = text.slice(start, text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end);
      start = end + 1;
      if (line === '') {
        if (data.length > 0) yield data.join('\n');
        data = [];
      } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
    pending = text.slice(start);
    if (pending.length > maxEventChars) throw new RangeError('an event of the stream is larger than 8 MiB');
  }
  if (pending.startsWith('data:')) data.push(pending.slice(pending[5] === ' ' ? 6 : 5).trimEnd());
  if (data.length > 0) yield data.join('\n');
}

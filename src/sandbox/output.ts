/**
 * Output of one command, bounded while it arrives: the first and the last half of `limit` bytes are
 * kept, what lies between is only counted.
 */
export class OutputWindow {
  private readonly headLimit: number;
  private readonly tailLimit: number;
  private readonly head: Buffer[] = [];
  private headBytes = 0;
  private tail: Buffer[] = [];
  private tailBytes = 0;
  /** Bytes seen, kept or not. */
  total = 0;

  constructor(limit: number) {
    this.headLimit = Math.ceil(limit / 2);
    this.tailLimit = Math.floor(limit / 2);
  }

  /** Takes a copy of what it keeps: `chunk` may be reused by the caller. */
  push(chunk: Uint8Array): void {
    this.total += chunk.length;
    const forHead = Math.min(chunk.length, this.headLimit - this.headBytes);
    if (forHead > 0) {
      this.head.push(Buffer.from(chunk.subarray(0, forHead)));
      this.headBytes += forHead;
    }
    const rest = chunk.subarray(Math.max(forHead, chunk.length - this.tailLimit));
    if (rest.length === 0) return;
    this.tail.push(Buffer.from(rest));
    this.tailBytes += rest.length;
    // Trimmed at twice its size, so that many small writes cost one copy each, not one per write.
    if (this.tailBytes > 2 * this.tailLimit + 4096) this.trimTail();
  }

  /** Text with a line that says how much is missing, and where. Bytes that are no UTF-8 become U+FFFD. */
  finish(): { output: string; omittedBytes: number } {
    this.trimTail();
    let head = Buffer.concat(this.head);
    let tail = Buffer.concat(this.tail);
    if (this.total === head.length + tail.length) {
      return { output: Buffer.concat([head, tail]).toString('utf8'), omittedBytes: 0 };
    }
    head = head.subarray(0, lastCharacterEnd(head));
    tail = tail.subarray(firstCharacterStart(tail));
    const omittedBytes = this.total - head.length - tail.length;
    const output = `${head.toString('utf8')}\n[... ${omittedBytes} bytes omitted ...]\n${tail.toString('utf8')}`;
    return { output, omittedBytes };
  }

  private trimTail(): void {
    if (this.tailBytes <= this.tailLimit) return;
    const joined = Buffer.concat(this.tail);
    this.tail = [Buffer.from(joined.subarray(joined.length - this.tailLimit))];
    this.tailBytes = this.tailLimit;
  }
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Where to cut so that no UTF-8 sequence is left half at the end. */
function lastCharacterEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function firstCharacterStart(bytes: Buffer): number {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start++;
  return start;
}

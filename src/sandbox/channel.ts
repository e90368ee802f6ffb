import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { OutputWindow } from './output.js';
import { OutputPipe, PIPE_BYTES } from './output-pipe.js';
import { quoteBytes } from './quote.js';
import { SandboxError } from './types.js';

/** Seconds that the driver has to answer once told to kill; bash alone tries 15 to start a process. */
const KILL_GRACE_SECONDS = 20;

export interface Request {
  op: 'run' | 'get' | 'now';
  /** Trusted bash code, ASCII. For `run` and `get` it runs the text itself: `eval "$__cmd"`. */
  setup: string;
  /** Untrusted text, found in `$__cmd`. */
  text?: string | Uint8Array;
  /** For `get`: bytes that follow the request; setup has to consume exactly these. */
  attachment?: Uint8Array;
  timeoutSeconds: number;
  /** For `run`: where its output goes. */
  output?: OutputWindow;
  /** For `get`: longest answer. */
  answerBytes?: number;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  timedOut: boolean;
  aborted: boolean;
  /** No process could be started for it: the sandbox's limit of processes is reached. */
  exhausted: boolean;
  /** What a `get` or `now` wrote. */
  content: Buffer;
}

interface Pending {
  trailer: Buffer;
  request: Request;
  resolve(answer: Answer): void;
  reject(error: SandboxError): void;
  timedOut: boolean;
  aborted: boolean;
}

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** The worker's end of a driver: requests in order, one at a time; output collected as it comes. */
export class Channel {
  /** Settles when the process is gone, however. */
  readonly exited: Promise<void>;
  private readonly output: OutputPipe;
  private readonly requests: Writable;
  private queue: Promise<unknown> = Promise.resolve();
  private pending: Pending | null = null;
  private answer: Buffer[] = [];
  private answerBytes = 0;
  private lost: SandboxError | null = null;
  private diagnostics = '';
  private ready: Waiting<void> | null = null;
  private child: Waiting<number> | null = null;
  private beginning = '';

  /**
   * @param process stdio: 0 requests, 2 diagnostics, 3 answers
   * @param outputFd read end of the pipe that the driver has as 4; owned by the channel from now on
   * @param killDriver kills the driver and with it everything in the sandbox
   * @param signalDriver sends USR1 to the driver
   */
  constructor(
    private readonly process: ChildProcess,
    outputFd: number,
    private readonly killDriver: () => void,
    private readonly signalDriver: () => void,
  ) {
    this.requests = process.stdin as Writable;
    this.requests.on('error', () => {});
    process.stderr?.on('data', (chunk: Buffer) => {
      if (this.diagnostics.length < 8192) this.diagnostics += chunk.toString('utf8').slice(0, 8192);
    });
    const answers = process.stdio[3] as Readable;
    answers.on('data', (chunk: Buffer) => this.onAnswer(chunk));
    answers.on('error', () => {});
    this.output = new OutputPipe(outputFd);
    this.exited = new Promise((resolve) => {
      const settle = () => {
        this.fail(new SandboxError('The sandbox ended while it was in use: its shell is gone.', 'lost'));
        this.output.destroy();
        resolve();
      };
      process.once('exit', settle);
      process.once('error', settle);
    });
  }

  /** What launcher and driver said on stderr; waits for the rest of it. For after a failed start. */
  async startDiagnostics(): Promise<string> {
    const { stderr } = this.process;
    if (stderr && !stderr.readableEnded && !stderr.destroyed) {
      await once(stderr, 'close', { signal: AbortSignal.timeout(1000) }).catch(() => {});
    }
    return this.diagnostics;
  }

  /** Waits until bwrap says the number of its child, which waits in turn. */
  untilChild(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.lost) reject(this.lost);
      else this.child = { resolve, reject };
    });
  }

  /** Waits until the driver runs. */
  untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.lost) reject(this.lost);
      else this.ready = { resolve, reject };
    });
  }

  /** Sends what launcher and driver wait for before requests. */
  send(text: string): void {
    this.requests.write(text);
  }

  /** @throws {SandboxError} when the sandbox is gone or does not answer. */
  request(request: Request): Promise<Answer> {
    const result = this.queue.then(() => this.perform(request));
    this.queue = result.catch(() => {});
    return result;
  }

  /** Kills whatever runs and waits until nothing is left. */
  async close(): Promise<void> {
    this.fail(new SandboxError('The sandbox was removed while a command ran in it.', 'lost'));
    this.killDriver();
    await this.exited;
  }

  private perform(request: Request): Promise<Answer> {
    if (this.lost) return Promise.reject(this.lost);
    if (request.signal?.aborted) {
      return Promise.resolve({
        status: 130,
        timedOut: false,
        aborted: true,
        exhausted: false,
        content: Buffer.alloc(0),
      });
    }
    const nonce = randomBytes(16).toString('hex');
    return new Promise<Answer>((resolve, reject) => {
      const pending: Pending = {
        trailer: Buffer.from(`\0${nonce} `, 'latin1'),
        request,
        resolve: (answer) => settle(() => resolve(answer)),
        reject: (error) => settle(() => reject(error)),
        timedOut: false,
        aborted: false,
      };
      let grace: NodeJS.Timeout | undefined;
      const cut = () => {
        if (grace) return;
        this.signalDriver();
        // Told again and again: between two of its own steps the driver may not know yet whom to kill.
        let times = 0;
        grace = setInterval(() => {
          this.signalDriver();
          if (++times < KILL_GRACE_SECONDS * 4) return;
          this.fail(new SandboxError('The sandbox does not answer: a command could not be killed.', 'lost'));
          this.killDriver();
        }, 250);
      };
      const timer = setTimeout(
        () => {
          pending.timedOut = true;
          cut();
        },
        Math.min(request.timeoutSeconds * 1000, 2 ** 31 - 1),
      );
      const onAbort = () => {
        pending.aborted = true;
        cut();
      };
      request.signal?.addEventListener('abort', onAbort, { once: true });
      const settle = (deliver: () => void) => {
        clearTimeout(timer);
        clearInterval(grace);
        request.signal?.removeEventListener('abort', onAbort);
        this.pending = null;
        this.output.end();
        deliver();
      };

      this.output.begin(request.output);
      this.pending = pending;
      this.answer = [];
      this.answerBytes = 0;
      this.requests.write(encode(request, nonce));
      if (request.attachment) this.requests.write(request.attachment);
    });
  }

  private onAnswer(chunk: Buffer): void {
    if (this.child || this.ready) {
      this.onBeginning(chunk);
      return;
    }
    const pending = this.pending;
    if (!pending) return;
    this.answer.push(chunk);
    this.answerBytes += chunk.length;
    const all = chunk[chunk.length - 1] === 0x0a ? Buffer.concat(this.answer) : null;
    if (all) this.answer = [all];
    const end = all ? all.lastIndexOf(pending.trailer) : -1;
    if (!all || end < 0) {
      this.checkAnswerSize(pending);
      return;
    }
    const [status, note] = all
      .subarray(end + pending.trailer.length, -1)
      .toString('latin1')
      .split(' ');
    this.output.drain();
    pending.resolve({
      status: Number(status),
      timedOut: pending.timedOut && note === '1',
      aborted: pending.aborted,
      exhausted: note === 'fork',
      content: all.subarray(0, end),
    });
  }

  private onBeginning(chunk: Buffer): void {
    this.beginning = (this.beginning + chunk.toString('latin1')).slice(-PIPE_BYTES);
    const child = /"child-pid": (\d+)\D/.exec(this.beginning)?.[1];
    if (this.child && child) {
      this.child.resolve(Number(child));
      this.child = null;
    }
    if (!this.ready || !this.beginning.includes('ready\n')) return;
    this.ready.resolve();
    this.ready = null;
  }

  private checkAnswerSize(pending: Pending): void {
    if (this.answerBytes <= (pending.request.answerBytes ?? 0) + PIPE_BYTES) return;
    this.fail(new SandboxError('The sandbox answered with more than was asked for.', 'lost'));
    this.killDriver();
  }

  private fail(error: SandboxError): void {
    this.lost ??= error;
    this.ready?.reject(this.lost);
    this.child?.reject(this.lost);
    this.ready = this.child = null;
    this.pending?.reject(this.lost);
  }
}

function encode(request: Request, nonce: string): string {
  const text = Buffer.from(request.text ?? '');
  const ascii = !text.some((byte) => byte === 0 || byte > 0x7f);
  const encoded = ascii ? text.toString('latin1') : quoteBytes(text);
  return `${request.op} ${nonce} ${ascii ? 'r' : 'q'} ${request.setup.length} ${encoded.length}\n${request.setup}${encoded}`;
}

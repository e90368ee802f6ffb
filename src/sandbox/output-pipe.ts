import { readSync } from 'node:fs';
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { OutputWindow } from './output.js';

/** Capacity of a pipe: what may lie in it unread when a command ends. */
export const PIPE_BYTES = 65_536;
/** Output beyond this is read no faster than RATE, so that one `yes` cannot starve the worker. */
const FREE_BYTES = 64 * 1024 * 1024;
const RATE_BYTES_PER_MS = 65_536;

/** All pipes are read through this: reads are synchronous with their use. */
const scratch = Buffer.allocUnsafeSlow(PIPE_BYTES);

/** The worker's end of the pipe that commands write to: what comes is taken at a bounded rate, and kept while one runs. */
export class OutputPipe {
  private readonly socket: Socket;
  private window: OutputWindow | undefined;
  private readBudget = FREE_BYTES;

  /** @param fd read end; owned by the pipe from now on */
  constructor(private readonly fd: number) {
    const options: SocketConstructorOpts & ConnectOpts = {
      fd,
      readable: true,
      writable: false,
      onread: { buffer: scratch, callback: (bytes) => this.onOutput(bytes) },
    };
    this.socket = new Socket(options);
    this.socket.on('error', () => {});
  }

  /** What comes from now on goes to `window`. What background processes wrote before belongs to no one. */
  begin(window: OutputWindow | undefined): void {
    this.drain();
    this.window = window;
    this.readBudget = FREE_BYTES;
  }

  /**
   * Takes what lies in the pipe: all that a command wrote before it ended is there by then. Bounded,
   * because a background process may go on writing.
   */
  drain(): void {
    if (this.socket.destroyed) return;
    let taken = 0;
    while (taken < PIPE_BYTES) {
      let bytes: number;
      try {
        bytes = readSync(this.fd, scratch);
      } catch {
        return;
      }
      if (bytes === 0) return;
      taken += bytes;
      this.window?.push(scratch.subarray(0, bytes));
    }
  }

  /** What comes from now on is kept by no one. */
  end(): void {
    this.window = undefined;
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Returns false to stop reading for a moment. */
  private onOutput(bytes: number): boolean {
    this.window?.push(scratch.subarray(0, bytes));
    this.readBudget -= bytes;
    if (this.readBudget > 0) return true;
    setTimeout(() => this.socket.resume(), Math.ceil(bytes / RATE_BYTES_PER_MS));
    return false;
  }
}

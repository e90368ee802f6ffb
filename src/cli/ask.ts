/** A question with yes or no, to the person at the terminal. */
import { createInterface } from 'node:readline';

export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** undefined: nobody sits at a terminal, so nobody can be asked. */
export function askOnTerminal(): ((question: string) => Promise<boolean>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return (question) => ask(question, { input: process.stdin, output: process.stderr });
}

/** Anything but a yes is a no; so is the end of the input. */
export function ask(question: string, { input, output }: Terminal): Promise<boolean> {
  // Not in raw mode: ^C is to stay what it is everywhere else.
  const lines = createInterface({ input, output, terminal: false });
  return new Promise((done) => {
    lines.once('close', () => done(false));
    lines.question(`${question}\nGo on all the same? No ends the evolution. [y/N] `, (answer) => {
      done(/^\s*y(es)?\s*$/i.test(answer));
      lines.close();
    });
  });
}

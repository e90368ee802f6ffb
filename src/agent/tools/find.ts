/** Tools that look around: they run `ls` and `grep` in the sandbox. */
import type { Harness } from '../../harness/schema.js';
import { shellQuote } from '../text.js';
import { absolutePath, factsOfPath } from './files.js';
import { failed, succeeded, type Tool, type ToolOutcome } from './types.js';

const TIMEOUT_SECONDS = 30;
const path = {
  type: 'string',
  maxLength: 4096,
  description: 'Where to look; default: the working directory.',
};

export function listTool(settings: Harness['tools']['builtin']['list']): Tool {
  return {
    definition: {
      name: 'list',
      description:
        settings.description || 'Lists a directory, hidden entries included; directories end with a slash.',
      parameters: { type: 'object', properties: { path }, additionalProperties: false },
    },
    runsCommands: false,
    facts: factsOfPath,
    async run(args, context) {
      const directory = absolutePath(args, context.workdir);
      const result = await context.exec(`LC_ALL=C ls -1Ap -- ${shellQuote(directory)}`, {
        timeoutSeconds: TIMEOUT_SECONDS,
        outputBytes: settings.outputBytes,
        cwd: '/',
      });
      const { exitCode, timedOut, omittedBytes } = result;
      if (exitCode !== 0) return failed(`Cannot list ${directory}: ${result.output}`, { exitCode, timedOut });
      return succeeded(result.output || `[${directory} is empty]`, { exitCode, omittedBytes });
    },
  };
}

export function searchTool(settings: Harness['tools']['builtin']['search']): Tool {
  return {
    definition: {
      name: 'search',
      description:
        settings.description ||
        'Finds lines by an extended regular expression (grep -E) in a file or in all text files under a directory. Shows path:line:text.',
      parameters: {
        type: 'object',
        properties: {
          pattern: { type: 'string', minLength: 1, maxLength: 2000, description: 'The regular expression.' },
          path,
        },
        required: ['pattern'],
        additionalProperties: false,
      },
    },
    runsCommands: false,
    facts: factsOfPath,
    async run(args, context) {
      const where = absolutePath(args, context.workdir);
      const pattern = shellQuote((args.pattern as string).replaceAll('\0', ''));
      // -D skip: a FIFO or device among the files must not make it wait.
      const result = await context.exec(
        `LC_ALL=C.UTF-8 grep -rHnIE -D skip -e ${pattern} -- ${shellQuote(where)}`,
        {
          timeoutSeconds: TIMEOUT_SECONDS,
          outputBytes: settings.outputBytes,
          cwd: '/',
        },
      );
      return searchOutcome(result.exitCode, result.output, result.timedOut, result.omittedBytes, where);
    },
  };
}

function searchOutcome(
  exitCode: number,
  output: string,
  timedOut: boolean,
  omittedBytes: number,
  where: string,
): ToolOutcome {
  if (timedOut) {
    const content = `${output}\n[stopped after ${TIMEOUT_SECONDS} s; search in fewer files]`;
    return failed(content, { exitCode, timedOut, omittedBytes });
  }
  if (exitCode === 0) return succeeded(output, { exitCode, omittedBytes });
  if (exitCode === 1) return succeeded(`[no match under ${where}]`, { exitCode });
  return failed(`The search failed: ${output}`, { exitCode, omittedBytes });
}

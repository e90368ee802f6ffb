/**
 * What a Dockerfile does, as far as a sandbox over a local root system can do it: WORKDIR, ENV, ARG, COPY and ADD of
 * local files, USER, RUN. The base image is passed over, metadata does nothing; anything else makes the environment
 * unsupported, with the line that says why.
 */
import path from 'node:path';
import { type BuildContext, findSources, withoutIgnored } from './build-context.js';
import {
  expand,
  hasHeredoc,
  hasOtherEscape,
  type Instruction,
  jsonForm,
  parseDockerfile,
  splitWords,
} from './dockerfile.js';
import { type Failure, failure } from './problem.js';
import type { BuildStep } from './types.js';

export interface Build {
  ok: true;
  steps: BuildStep[];
  /** Last WORKDIR; null without one. */
  workdir: string | null;
  /** All ENV of the file. */
  env: Record<string, string>;
  /** Last USER without its group; null without one. */
  user: string | null;
  /** First thing that cannot be done here, with its line; the steps before it are there all the same. */
  unsupported: string | null;
}

/** Instructions that say nothing about the files or the processes of a trial: commands are given from outside. */
const WITHOUT_EFFECT = new Set(['LABEL', 'EXPOSE', 'CMD', 'MAINTAINER', 'STOPSIGNAL', 'HEALTHCHECK']);

/**
 * @param file name in problems.
 * @returns a failure for what Docker itself would refuse: sources that are missing or lie outside the context.
 */
export function readBuild(text: string, file: string, context: BuildContext): Build | Failure {
  const state = new BuildState(file, context);
  if (hasOtherEscape(text)) return state.result('Dockerfile: another escape character than the backslash');
  for (const instruction of parseDockerfile(text)) {
    const verdict = state.take(instruction);
    if (typeof verdict === 'string') {
      const words = `${instruction.keyword} ${instruction.rest}`.replace(/\s+/g, ' ').slice(0, 100);
      return state.result(`Dockerfile line ${instruction.line}: ${verdict} (${words.trim()})`);
    }
    if (verdict) return verdict;
  }
  return state.result(null);
}

/** null: done; a string: why it is unsupported; a failure: it is wrong. */
type Verdict = null | string | Failure;

/** What a base image has before its first ENV: `ENV PATH=/opt/bin:$PATH` builds on it. */
const BASE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

class BuildState {
  readonly #steps: BuildStep[] = [];
  #stages = 0;
  #workdir: string | null = null;
  #user: string | null = null;
  #env: Record<string, string> = {};
  #args: Record<string, string> = {};
  /** ARG before FROM: only defaults for ARG of the same name after it. */
  #globalArgs: Record<string, string> = {};
  #shell: string[] | null = null;

  constructor(
    readonly file: string,
    readonly context: BuildContext,
  ) {}

  result(unsupported: string | null): Build {
    const { steps, workdir, env, user } = {
      steps: this.#steps,
      workdir: this.#workdir,
      env: this.#env,
      user: this.#user,
    };
    return { ok: true, steps, workdir, env, user, unsupported };
  }

  take(instruction: Instruction): Verdict {
    if (hasHeredoc(instruction.rest) && ['RUN', 'COPY', 'ADD'].includes(instruction.keyword)) {
      return 'here-documents are not supported';
    }
    switch (instruction.keyword) {
      case 'FROM':
        this.#stages += 1;
        return this.#stages > 1 ? 'builds of several stages are not supported' : null;
      case 'ARG':
        return this.#arg(instruction.rest);
      case 'ENV':
        return this.#setEnv(instruction.rest);
      case 'WORKDIR':
        return this.#setWorkdir(instruction.rest);
      case 'USER':
        return this.#setUser(instruction.rest);
      case 'COPY':
      case 'ADD':
        return this.#copy(instruction);
      case 'RUN':
        return this.#run(instruction);
      case 'SHELL':
        return this.#setShell(instruction.rest);
      case 'ENTRYPOINT':
        return jsonForm(instruction.rest)?.length === 0 ? null : 'an ENTRYPOINT is not supported';
      default:
        return WITHOUT_EFFECT.has(instruction.keyword) ? null : `${instruction.keyword} is not supported`;
    }
  }

  #variables(): Record<string, string> {
    return { PATH: BASE_PATH, ...this.#args, ...this.#env };
  }

  #arg(rest: string): Verdict {
    for (const word of splitWords(rest)) {
      const [, name, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(word) ?? [];
      if (name === undefined) return 'an ARG of this form is not supported';
      const expanded = value === undefined ? undefined : expand(value, this.#variables());
      if (expanded === null) return 'this form of substitution is not supported';
      if (this.#stages === 0) this.#globalArgs[name] = expanded ?? '';
      else if (expanded !== undefined) this.#args[name] = expanded;
      else if (Object.hasOwn(this.#globalArgs, name)) this.#args[name] = this.#globalArgs[name]!;
    }
    return null;
  }

  #setEnv(rest: string): Verdict {
    const pairs = splitWords(rest);
    const old = /^([A-Za-z_]\w*)\s+(.*)$/s.exec(rest);
    const entries = pairs[0]?.includes('=')
      ? pairs.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const)
      : old
        ? [[old[1]!, old[2]!] as const]
        : [];
    const before = this.#variables();
    const values: Record<string, string> = {};
    for (const [name, value] of entries) {
      const expanded = expand(value, before);
      if (expanded === null) return 'this form of substitution is not supported';
      if (!/^[A-Za-z_]\w*$/.test(name) || expanded.includes('\0'))
        return 'an ENV of this form is not supported';
      values[name] = expanded;
    }
    if (entries.length === 0) return 'an ENV of this form is not supported';
    this.#env = { ...this.#env, ...values };
    this.#steps.push({ kind: 'env', values });
    return null;
  }

  #setWorkdir(rest: string): Verdict {
    const word = expand(rest, this.#variables());
    if (!word) return 'a WORKDIR of this form is not supported';
    this.#workdir = this.#absolute(word);
    this.#steps.push({ kind: 'workdir', path: this.#workdir });
    return null;
  }

  #setUser(rest: string): Verdict {
    const word = expand(rest, this.#variables());
    const user = word === null ? undefined : /^([A-Za-z0-9_][\w.-]*)(?::[\w.-]+)?$/.exec(word)?.[1];
    if (user === undefined) return 'a USER of this form is not supported';
    this.#user = user;
    this.#steps.push({ kind: 'user', user });
    return null;
  }

  #setShell(rest: string): Verdict {
    const shell = jsonForm(rest);
    if (!shell || !/^(?:.*\/)?(?:ba|da)?sh$/.test(shell[0] ?? '')) return 'only sh and bash are supported';
    this.#shell = shell;
    return null;
  }

  #run({ flags, rest }: Instruction): Verdict {
    if (flags.size > 0) return `RUN --${[...flags.keys()][0]} is not supported`;
    const argv = jsonForm(rest);
    const args = Object.entries(this.#args).filter(([name]) => !Object.hasOwn(this.#env, name));
    const assignments = args.map(([name, value]) => `${name}=${value}`);
    if (argv && argv.length > 0) {
      this.#steps.push({
        kind: 'run',
        form: 'exec',
        argv: args.length > 0 ? ['env', ...assignments, ...argv] : argv,
      });
    } else if (this.#shell || args.length > 0) {
      const shell = this.#shell ?? ['/bin/sh', '-c'];
      const prefix = args.length > 0 ? ['env', ...assignments] : [];
      this.#steps.push({ kind: 'run', form: 'exec', argv: [...prefix, ...shell, rest] });
    } else {
      this.#steps.push({ kind: 'run', form: 'shell', command: rest });
    }
    return null;
  }

  #copy({ keyword, flags, rest, line }: Instruction): Verdict {
    const refused = [...flags].find(([name, value]) => !isHarmlessFlag(name, value));
    if (refused) return `${keyword} --${refused[0]} is not supported`;
    const words = (jsonForm(rest) ?? rest.split(/\s+/)).map((word) => expand(word, this.#variables()));
    if (words.includes(null)) return 'this form of substitution is not supported';
    if (words.length < 2) return `a ${keyword} of this form is not supported`;
    const targets = words as string[];
    const destination = targets.pop()!;
    const wrong = (found: string, expected: string) =>
      failure({ file: this.file, field: `line ${line}`, found, expected });
    const sources: string[] = [];
    for (const source of targets) {
      if (/^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/i.test(source)) return `${keyword} of a URL is not supported`;
      const found = findSources(source, this.context);
      if (found === 'outside') return wrong(`"${source}"`, 'sources inside environment/');
      if (found.length === 0)
        return wrong(`"${source}"`, 'a file or folder of environment/ that is not ignored');
      sources.push(...found);
    }
    const isFolder = /(?:^|\/)\.?$/.test(destination) || sources.length > 1;
    const absolute = this.#absolute(destination);
    const step: BuildStep & { kind: 'copy' } = {
      kind: 'copy',
      sources,
      destination: isFolder && absolute !== '/' ? `${absolute}/` : absolute,
      chmod: flags.get('chmod') ?? null,
      extract: keyword === 'ADD',
    };
    this.#steps.push(...withoutIgnored(step, this.context));
    return null;
  }

  #absolute(word: string): string {
    return path.posix.resolve('/', this.#workdir ?? '', word);
  }
}

function isHarmlessFlag(name: string, value: string): boolean {
  if (name === 'link') return value === '' || value === 'true' || value === 'false';
  if (name === 'chmod') return /^0?[0-7]{3,4}$/.test(value);
  return name === 'chown' && /^(?:root|0)(?::(?:root|0))?$/.test(value);
}

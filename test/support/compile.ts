/** Runs sources of ours in a real second process: compiled without a build, so that tests can kill it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transform } from '@swc/core';

const root = resolve(__dirname, '..', '..');

/** Compiles the files of `src`, and `src/<folder>` for each folder to `<result>/<folder>`. The caller removes the result. */
export async function compileSources(folders: string[]): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'compiled-'));
  await writeFile(join(out, 'package.json'), '{"type":"module"}');
  await symlink(join(root, 'node_modules'), join(out, 'node_modules'));
  const loose = (await readdir(join(root, 'src'))).filter((name) => name.endsWith('.ts'));
  for (const name of loose)
    await compileFile(join(root, 'src', name), join(out, name.replace(/\.ts$/, '.js')));
  for (const folder of folders) {
    for (const name of await readdir(join(root, 'src', folder), { recursive: true })) {
      const [from, to] = [join(root, 'src', folder, name), join(out, folder, name)];
      if (name.endsWith('.ts')) await compileFile(from, to.replace(/\.ts$/, '.js'));
      else if (name.includes('.')) await cp(from, to, { recursive: true });
    }
  }
  return out;
}

async function compileFile(from: string, to: string): Promise<void> {
  const { code } = await transform(await readFile(from, 'utf8'), {
    filename: from,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, code);
}

/** Starts node with `script` (an ES module) in the compiled folder. */
export function runScript(
  compiled: string,
  script: string,
  options: { args?: string[]; uid?: number } = {},
): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...(options.args ?? [])], {
    cwd: compiled,
    uid: options.uid,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What the child printed, once it has ended by itself. @throws when it failed. */
export async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise((resolveExit) => child.once('close', resolveExit));
  if (code !== 0) throw new Error(`the child process ended with ${code}: ${output}`);
  return output;
}

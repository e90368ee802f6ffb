import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { CliError } from '../errors.js';
import { printJson } from '../output.js';
import { typed } from '../typed.js';

const TEMPLATE = fileURLToPath(new URL('../../../harness-registry/evolution.yaml', import.meta.url));
const SEED = fileURLToPath(new URL('../../../harness-registry/seed.yaml', import.meta.url));

export function addInit(program: Command): void {
  program
    .command('init')
    .description('writes a commented evolution.yaml and a seed harness into a folder')
    .argument('[dir]', 'folder', '.')
    .option('--json', 'JSON on stdout')
    .action(async (dir: string, options) => {
      const files = [
        { path: join(resolve(dir), 'evolution.yaml'), content: readFileSync(TEMPLATE, 'utf8') },
        { path: join(resolve(dir), 'harness.yaml'), content: readFileSync(SEED, 'utf8') },
      ];
      await mkdir(resolve(dir), { recursive: true });
      for (const { path, content } of files) await writeNew(path, content);
      if (options.json) return printJson({ written: files.map(({ path }) => path) });
      console.log(`wrote ${files.map(({ path }) => path).join(' and ')}`);
      console.log(
        `next: set the model in evolution.yaml, export OPENAI_API_KEY (and OPENAI_BASE_URL), then in that folder: ${typed('evolve')}`,
      );
    });
}

async function writeNew(path: string, content: string): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new CliError(
        `${path} is there already and is not overwritten. Move it away, or name another folder: ${typed('init DIR')}`,
      );
    }
    throw error;
  }
}

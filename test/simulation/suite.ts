import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tasks as small as a task can be: three steps, one file to deliver. */
export interface TinySuite {
  dir: string;
  instruction(index: number): string;
  remove(): void;
}

export function tinySuite(count: number): TinySuite {
  const dir = mkdtempSync(join(tmpdir(), 'simulation-suite-'));
  const instruction = (i: number) =>
    `Count the files in /app/data number ${i}, check the number, and write it to /app/out/count-${i}.txt.`;
  for (let i = 0; i < count; i++) {
    const task = join(dir, `count-files-${i}`);
    const put = (path: string, content: string, mode = 0o644) => {
      mkdirSync(join(task, path, '..'), { recursive: true });
      writeFileSync(join(task, path), content, { mode });
    };
    put('instruction.md', `${instruction(i)}\n`);
    put(
      'task.toml',
      'schema_version = "1.1"\n[metadata]\ncategory = "tiny"\n[environment]\nallow_internet = false\n',
    );
    put('environment/Dockerfile', 'FROM scratch\nWORKDIR /app\nCOPY app/ /app/\n');
    for (let file = 0; file <= i % 5; file++) put(`environment/app/data/file-${file}.txt`, `line ${file}\n`);
    put(
      'solution/solve.sh',
      `#!/bin/bash\n# Look.\nls /app/data\n\n# Count.\nmkdir -p /app/out\nls /app/data | wc -l > /tmp/n\n\n# Deliver.\ncat /tmp/n > /app/out/count-${i}.txt\ncat /app/out/count-${i}.txt\n`,
      0o755,
    );
    put(
      'tests/test.sh',
      `#!/bin/bash\nif [ "$(cat /app/out/count-${i}.txt 2>/dev/null)" = ${(i % 5) + 1} ]; then echo 1; else echo 0; fi > /logs/verifier/reward.txt\n`,
      0o755,
    );
  }
  return { dir, instruction, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** The configurations that people copy are ones that this program takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfig } from '../../src/cli/config-file.js';

const EXAMPLES = resolve(__dirname, '../../examples');

const configs = readdirSync(EXAMPLES, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('evolution.yaml'));

test.each(configs)('examples/%s is valid', async (file) => {
  expect(await readConfig(join(EXAMPLES, file))).toMatchObject({ suite: expect.any(String) });
});

test('the replay of the paper has its protocol: 43 and 21 different tasks, two attempts, four proposals', async () => {
  const config = await readConfig(join(EXAMPLES, 'paper/evolution.yaml'));
  expect(config).toMatchObject({ width: 4, gate: { kind: 'paper', attempts: 2 } });
  const { file } = config.split as { file: string };
  const { heldIn, heldOut } = JSON.parse(readFileSync(file, 'utf8'));
  expect([heldIn.length, heldOut.length, new Set([...heldIn, ...heldOut]).size]).toEqual([43, 21, 64]);
});

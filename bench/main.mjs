// npm run bench -- NAME [--json]: measured claims. Prints a table with machine and date; --json: one object on stdout.
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const [name, ...flags] = process.argv.slice(2);
const here = new URL('./', import.meta.url);
const names = readdirSync(here)
  .filter((file) => file.endsWith('.mjs') && file !== 'main.mjs')
  .map((file) => file.slice(0, -4));
if (!name || !/^[a-z-]+$/.test(name) || !existsSync(new URL(`${name}.mjs`, here))) {
  console.error(`usage: npm run bench -- NAME [--json]   NAME is one of: ${names.join(', ')}`);
  process.exit(2);
}
const { measure } = await import(new URL(`${name}.mjs`, here).href);
const machine = `${cpus().length} x ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}`;
const figures = await measure({ say: (text) => process.stderr.write(`${text}\n`) });
if (flags.includes('--json')) {
  console.log(JSON.stringify({ bench: name, machine, date: new Date().toISOString(), ...figures }));
} else {
  console.log(`${name}  ${machine}  ${new Date().toISOString().slice(0, 10)}`);
  for (const [figure, value] of Object.entries(figures)) console.log(`  ${figure.padEnd(24)} ${value}`);
}
process.exit(0);

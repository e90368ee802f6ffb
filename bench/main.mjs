// npm run bench -- NAME [OPTIONS] [--json]: measured claims. Prints figures with machine and date; --json: one object on stdout.
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const [name, ...flags] = process.argv.slice(2);
const here = new URL('./', import.meta.url);
const names = readdirSync(here)
  .filter((file) => file.endsWith('.mjs') && file !== 'main.mjs')
  .map((file) => file.slice(0, -4));
if (!name || !/^[a-z-]+$/.test(name) || !existsSync(new URL(`${name}.mjs`, here)))
  wrongUsage(`usage: npm run bench -- NAME [OPTIONS] [--json]   NAME is one of: ${names.join(', ')}`);
const { measure, format, parseOptions, usage } = await import(new URL(`${name}.mjs`, here).href);
const options = optionsOf(flags.filter((flag) => flag !== '--json'));
const machine = `${cpus().length} x ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}`;
const figures = await measure({ say: (text) => process.stderr.write(`${text}\n`), options });
if (flags.includes('--json')) {
  console.log(JSON.stringify({ bench: name, machine, date: new Date().toISOString(), ...figures }));
} else {
  console.log(`${name}  ${machine}  ${new Date().toISOString().slice(0, 10)}`);
  if (format) console.log(format(figures));
  else for (const [figure, value] of Object.entries(figures)) console.log(`  ${figure.padEnd(24)} ${value}`);
}
process.exit();

function optionsOf(args) {
  if (!parseOptions && args.length > 0) wrongUsage(`bench ${name} knows no option but --json`);
  try {
    return parseOptions?.(args);
  } catch (error) {
    return wrongUsage(`${error.message}\nusage: npm run bench -- ${name} ${usage}`);
  }
}

function wrongUsage(text) {
  console.error(text);
  process.exit(2);
}

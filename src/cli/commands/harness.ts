import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { harnessFile } from '../../contract/prepare.js';
import { diffHarness, formatDiff } from '../../harness/diff.js';
import { harnessDigest } from '../../harness/digest.js';
import { formatHarness } from '../../harness/format.js';
import type { Harness } from '../../harness/schema.js';
import { seedHarness } from '../../harness/seed.js';
import { createFileRegistry } from '../../registry/file.js';
import { rollback } from '../../registry/rollback.js';
import type { LedgerEntry, Registry } from '../../registry/types.js';
import { formatProblem } from '../../suite/problem.js';
import { openedTimes } from '../../validation/words.js';
import { whoami } from '../actor.js';
import { CliError } from '../errors.js';
import { printJson, printText } from '../output.js';
import { DEFAULT_STATE } from '../state.js';
import { table } from '../table.js';

interface Options {
  state: string;
  registry?: string;
  json?: boolean;
}

/** The registry: show, list, diff, log, rollback, validate, verify. */
export function addHarness(program: Command): void {
  const group = program.command('harness').description('the registry: versions, refs, ledger');
  const command = (usage: string, description: string) =>
    group
      .command(usage)
      .description(description)
      .option('--state <dir>', 'state folder', DEFAULT_STATE)
      .option('--registry <dir>', 'registry folder; default: `registry` in the state folder')
      .option('--json', 'JSON on stdout');

  command('show [version]', 'a version as YAML: a ref, a digest or its beginning, a file, `seed`').action(
    async (version = 'champion', options: Options) => {
      const harness = await load(version, options);
      if (options.json) printJson({ digest: harnessDigest(harness), harness });
      else process.stdout.write(formatHarness(harness));
    },
  );
  command('list', 'refs and versions').action(async (options: Options) => {
    const registry = open(options);
    const [refs, ledger] = await Promise.all([registry.refs(), registry.ledger()]);
    const versions = [...new Set(ledger.map((entry) => entry.harness))];
    if (options.json) return printJson({ refs, versions });
    const rows = versions.map((digest) => [
      digest.slice(0, 12),
      Object.keys(refs)
        .filter((name) => refs[name] === digest)
        .join(', '),
      firstWord(ledger, digest),
    ]);
    printText(rows.length > 0 ? table(['version', 'ref', 'came as'], rows) : 'the registry is empty');
  });
  command('diff <a> <b>', 'what differs between two versions').action(
    async (a: string, b: string, options: Options) => {
      const changes = diffHarness(await load(a, options), await load(b, options));
      if (options.json) return printJson({ changes });
      console.log(changes.length > 0 ? formatDiff(changes, { color: pc.isColorSupported }) : 'no difference');
    },
  );
  command('log', 'the ledger, oldest first').action(async (options: Options) => {
    const ledger = await open(options).ledger();
    if (options.json) return printJson(ledger);
    for (const entry of ledger) {
      console.log(
        `${String(entry.sequence).padStart(6, '0')}  ${minute(entry.at)}  ${entry.action.padEnd(11)} ${entry.harness.slice(0, 12)}  ${entry.actor}`,
      );
      for (const line of [entry.reason, usedSplit(entry)]) if (line !== '') printText(`        ${line}`);
    }
  });
  command('rollback <version>', 'points a ref back to an earlier version')
    .option('--ref <ref>', 'the ref', 'champion')
    .requiredOption('--reason <text>', 'why; kept in the ledger')
    .option('--actor <name>', 'who; kept in the ledger', whoami())
    .action(async (version: string, options: Options & { ref: string; reason: string; actor: string }) => {
      const registry = open(options);
      const { ref, reason, actor } = options;
      const entry = await rollback(registry, { ref, to: version, actor, reason });
      if (options.json) printJson(entry);
      else
        console.log(
          `${ref} is now ${entry.harness.slice(0, 12)} (was ${entry.refBefore?.slice(0, 12) ?? 'unset'})`,
        );
    });
  command('validate <file>', 'checks a harness file: form, rules, patterns').action(
    async (file: string, options: Options) => {
      const harness = await load(file, options);
      const digest = harnessDigest(harness);
      if (options.json) printJson({ ok: true, digest });
      else console.log(`${file} is valid: ${digest}`);
    },
  );
  command('verify', 'walks the ledger and every version').action(async (options: Options) => {
    const checks = await open(options).verify();
    const ok = checks.every((check) => check.ok);
    if (options.json) printJson({ ok, checks });
    else
      for (const check of checks)
        console.log(
          `${check.ok ? pc.green('ok ') : pc.red('BAD')} ${check.check}${check.problem ? `: ${check.problem}` : ''}`,
        );
    if (!ok)
      throw new CliError(
        'the registry does not verify: see the checks above; restore the files from your version control or a copy',
      );
  });
}

function usedSplit({ splitUse }: LedgerEntry): string {
  if (!splitUse) return '';
  const { split, digest, tasks, count } = splitUse;
  const what = split === 'sealed' ? openedTimes(count) : `use ${count} by a decision`;
  return `${split} ${digest.slice(0, 12)}, ${tasks} tasks: ${what}`;
}

function open(options: Options): Registry {
  return createFileRegistry(
    options.registry ? resolve(options.registry) : join(resolve(options.state), 'registry'),
  );
}

async function load(version: string, options: Options): Promise<Harness> {
  if (version === 'seed') return seedHarness();
  if (/\.(ya?ml|json)$/.test(version) || version.includes('/')) {
    const read = await harnessFile(resolve(version));
    if (!read.ok) throw new CliError(read.problems.map(formatProblem).join('\n'));
    return read.harness;
  }
  const registry = open(options);
  return registry.getVersion(await registry.resolve(version));
}

function firstWord(ledger: Awaited<ReturnType<Registry['ledger']>>, digest: string): string {
  const entry = ledger.find((known) => known.harness === digest);
  return entry ? `${minute(entry.at)}  ${entry.action}: ${entry.reason}` : '';
}

/** `2026-01-31 09:30` of an ISO time, in UTC. */
function minute(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

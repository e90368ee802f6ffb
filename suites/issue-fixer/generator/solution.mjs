/** One way to do a task, in blocks that each work in a shell of their own. */
import { fill } from './docs.mjs';

export function solutionOf(project, task, values, patch) {
  const { base, commit, changelog, record } = task.rules;
  const app = `/app/${project.name}`;
  const subject = `${fill(commit.prefix, values)}${task.title}`;
  if (subject.length > commit.max) throw new Error(`${project.name}/${task.slug}: a subject of ${subject.length} characters`);
  const place = fill(record.place, values);
  const lines = (record.fields ?? []).map((field) => fill(field, values).replace('*', task.title));
  const before = [`git -C ${app} checkout -q -b ${q(values.branch)} origin/${base}`];
  const files = [];
  if (changelog?.fragment) files.push(`mkdir -p "$(dirname ${q(`${app}/${fill(changelog.fragment, values)}`)})"`, `printf '%s\\n' ${q(`${task.title}.`)} > ${q(`${app}/${fill(changelog.fragment, values)}`)}`);
  if (changelog?.file) {
    const line = fill(changelog.entry, values).replace('*', task.title);
    files.push(`sed -i -e '/^## Unreleased$/{n' -e ${q(`a ${line}`)} -e '}' ${app}/${changelog.file}`);
  }
  if (record.kind === 'file') files.push(`mkdir -p "$(dirname ${q(`${app}/${place}`)})"`, `printf '%s\\n' ${lines.map(q).join(' ')} > ${q(`${app}/${place}`)}`);
  const request = {
    file: [],
    tag: [`printf '%s\\n' ${lines.map(q).join(' ')} | git -C ${app} tag -a -F - ${q(place)}`, `git -C ${app} push -q origin ${q(`refs/tags/${place}`)}`],
    note: [`printf '%s\\n' ${lines.map(q).join(' ')} | git -C ${app} notes --ref=${place} add -F - HEAD`, `git -C ${app} push -q origin ${place}`],
    ref: [`git -C ${app} push -q origin ${q(`HEAD:${place}`)}`],
    queue: [
      `git -C ${app} worktree add -q --track -b requests /tmp/requests origin/requests`,
      `mkdir -p "$(dirname ${q(`/tmp/requests/${place}`)})"`,
      `printf '%s\\n' ${lines.map(q).join(' ')} > ${q(`/tmp/requests/${place}`)}`,
      'git -C /tmp/requests add -A',
      `git -C /tmp/requests commit -q -m ${q(`Request for #${task.issue}`)}`,
      'git -C /tmp/requests push -q origin requests',
    ],
  }[record.kind];
  const reading =
    task.style === 'prose'
      ? [[`# The rules, and what the program has to do.`, `cat ${app}/CONTRIBUTING.md ${app}/docs/${project.tool}.md`]]
      : [
          ['# Where are the rules?', `cat ${app}/CONTRIBUTING.md ${app}/docs/index.yaml`],
          ['# The rules, and what the program has to do.', `cat ${app}/docs/pages/*.md ${app}/docs/reference/*.yaml ${app}/docs/modules/*.md`],
        ];
  const blocks = [
    ...reading,
    ['# The change, on a branch of its own.', ...before, `git -C ${app} apply <<'PATCH'\n${patch}PATCH`],
    ...(files.length > 0 ? [['# What the rules ask for beside it.', ...files]] : []),
    ['# Does it hold?', `sh ${app}/tests/run.sh`],
    ['# The commit, as the rules want it.', `git -C ${app} add -A`, `git -C ${app} commit -q -m ${q(subject)} -m ${q(commit.trailers.map((trailer) => fill(trailer, values)).join('\n'))}`, `git -C ${app} push -q origin ${q(values.branch)}`],
    ...(request.length > 0 ? [['# The request.', ...request]] : []),
  ];
  const text = blocks.map((block) => block.join('\n'));
  if (text.some((block) => /\n[ \t]*\n/.test(block))) throw new Error(`${project.name}/${task.slug}: an empty line inside a block`);
  return `#!/bin/bash\n${text.join('\n\n')}\n`;
}

const q = (text) => `'${text.replaceAll("'", "'\\''")}'`;

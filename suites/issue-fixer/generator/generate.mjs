/**
 * `node suites/issue-fixer/generator/generate.mjs [FOLDER [PROJECT...]]`: writes the tasks of this suite from projects/*.yaml, by
 * default of all of them into the suite's own folder. Needs git. The tasks are committed; a test holds that they are what this
 * writes.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { fill, indexedDocs, outdatedDocs, proseDocs } from './docs.mjs';
import { solutionOf } from './solution.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(HERE, '..'));
const wanted = process.argv.slice(3);
const scratch = mkdtempSync(join(tmpdir(), 'issue-fixer-'));
const GIT_ENV = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', LC_ALL: 'C' };
const own = (file) => readFileSync(join(HERE, file), 'utf8');

const DOCKERFILE = `FROM buildpack-deps:bookworm-scm
WORKDIR /app
ENV GIT_AUTHOR_NAME="Sam Fixer" GIT_AUTHOR_EMAIL=sam@example.org
ENV GIT_COMMITTER_NAME="Sam Fixer" GIT_COMMITTER_EMAIL=sam@example.org
COPY setup/ /opt/setup/
RUN sh /opt/setup/build.sh && rm -rf /opt/setup
`;

for (const file of readdirSync(join(HERE, 'projects')).sort()) {
  const project = parse(own(`projects/${file}`));
  if (wanted.length > 0 && !wanted.includes(project.name)) continue;
  for (const task of project.tasks) writeTask(project, task);
}
rmSync(scratch, { recursive: true });

function writeTask(project, task) {
  const values = { issue: String(task.issue), issue4: String(task.issue).padStart(4, '0'), area: task.area, owner: project.areas[task.area].owner };
  values.branch = fill(task.rules.branch, values);
  const broken = withBug(project, task);
  const dir = join(target, `${project.name}-${task.slug}`);
  rmSync(dir, { recursive: true, force: true });
  const put = (path, text, mode) => write(join(dir, path), text, mode);
  put('task.toml', taskToml(project, task));
  put('instruction.md', instruction(project, task));
  put('environment/Dockerfile', DOCKERFILE);
  putSetup(put, project, task, broken);
  const { base, queue } = startOf(join(dir, 'environment/setup'), project, task);
  put('tests/lib.sh', own('lib.sh'));
  put('tests/further.sh', task.hidden);
  put('tests/test.sh', verifier(project, task, values, base, queue), 0o755);
  const patch = patchOf(broken, project.files);
  put('solution/solve.sh', solutionOf(project, task, values, patch), 0o755);
}

/** The program's files before the fix. */
function withBug(project, task) {
  const files = { ...project.files };
  for (const { file, good, bad } of task.bug) {
    const text = good.trimEnd();
    if (files[file].split(text).length !== 2) throw new Error(`${project.name}/${task.slug}: not once in ${file}: ${text}`);
    files[file] = files[file].split(text).join(bad.trimEnd());
  }
  return files;
}

function taskToml(project, task) {
  return `schema_version = "1.1"

[task]
name = "self-harness/${project.name}-${task.slug}"

[metadata]
category = "${task.style}-${project.kind}"
difficulty = "${task.difficulty}"
tags = ["${task.style}", "${project.kind}", "pull-request"]

[agent]
timeout_sec = 240.0

[verifier]
timeout_sec = 60.0

[environment]
allow_internet = false
`;
}

function instruction(project, task) {
  return `/app/${project.name} is a clone of the project ${project.name}; its server, the remote origin, is the bare
repository /srv/git/${project.name}.git. This issue is open:

> #${task.issue} ${task.title}
>
${wrapped(task.text, 96).map((line) => `> ${line}`).join('\n')}

Fix it, and open a pull request for it on the server by the rules of the project, which its
documentation gives. The tests, \`sh tests/run.sh\`, have to pass, and the program has to do what its
documentation says. Nobody merges the request yet. Leave no uncommitted changes in the clone.
`;
}

function wrapped(text, width) {
  const lines = [''];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1);
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The commits that build.sh makes: the program; the rules as they were, where they moved; the rules. */
function putSetup(put, project, task, broken) {
  const { changelog, record, base } = task.rules;
  const step = (name, message, files) => {
    put(`environment/setup/${name}/message`, `${message}\n`);
    for (const [path, text] of Object.entries(files))
      put(`environment/setup/${name}/tree/${path}`, text, path.startsWith('bin/') ? 0o755 : 0o644);
  };
  const program = { ...broken, 'tests/run.sh': testScript(project), 'README.md': `# ${project.name}\n\n${project.about}\n` };
  if (changelog?.file) program[changelog.file] = changelogFile(project, changelog);
  step(1, `${project.tool}: the program and its tests`, program);
  if (task.style === 'prose') step(2, 'The rules for contributions', proseDocs(project, task));
  else {
    step(2, 'The rules for contributions', outdatedDocs(project));
    step(3, 'The rules move to docs/', indexedDocs(project, task, (pages) => shuffled(pages, `${project.name}/${task.slug}`)));
  }
  if (base !== 'main') step('ahead', 'Work on the next version begins', { 'NEXT.md': 'What the next version shall bring is still open.\n' });
  if (record.kind === 'queue') step('queue', 'The branch for requests', { 'README.md': 'One file for each open request.\n' });
  put('environment/setup/name', `${project.name}\n`);
  put('environment/setup/base', `${base}\n`);
  put('environment/setup/update', hook(project, task));
  put('environment/setup/build.sh', own('build.sh'));
}

function testScript(project) {
  return `#!/bin/sh
# The tests of ${project.name}; ends with 1 when one fails.
cd "\${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
${project.tests}exit $status
`;
}

function changelogFile(project, { entry }) {
  const area = Object.keys(project.areas)[0];
  const earlier = fill(entry, { issue: '2', area }).replace('*', 'Wrong usage is told from other faults');
  return `# Changes of ${project.name}\n\n## Unreleased\n\n${earlier}\n\n## 1.0\n\nThe first version.\n`;
}

/** The server refuses branches that are not named by the rules; whether the rest is right, reviewers see. */
function hook(project, { rules }) {
  const escaped = rules.branch.replace(/[.+*?^$()[\]|\\]/g, '\\$&');
  const name = fill(escaped, { issue: '[1-9][0-9]*', issue4: '[0-9]{4}', area: `(${Object.keys(project.areas).join('|')})` });
  const { kind, place } = rules.record;
  const more = { queue: 'refs/heads/requests', tag: 'refs/tags/*', note: 'refs/notes/*', ref: `${place.slice(0, place.lastIndexOf('/', place.indexOf('{')))}/*` }[kind];
  return `#!/bin/sh
# Run by git for each ref that is pushed: refuses what the rules of the project do not allow.
refuse() { echo "refused: $1" >&2; exit 1; }
case $1 in
  refs/heads/main | refs/heads/stable) refuse "only reviewers push to \${1#refs/heads/}" ;;
${more ? `  ${more}) exit 0 ;;\n` : ''}  refs/heads/*) name=\${1#refs/heads/} ;;
  *) refuse "$1 is nothing that the rules of this project ask for" ;;
esac
printf '%s\\n' "$name" | grep -Eqx '${name}' || refuse "a branch is not called $name by the rules of this project"
`;
}

/** Ids of the commits that a task starts from: the tip of its base, the branch of requests. */
function startOf(setup, project, task) {
  const root = mkdtempSync(join(scratch, 'root-'));
  cpSync(setup, join(root, 'setup'), { recursive: true });
  execFileSync('sh', [join(root, 'setup/build.sh'), root], { env: GIT_ENV, stdio: ['ignore', 'ignore', 'inherit'] });
  const git = join(root, `srv/git/${project.name}.git`);
  const id = (ref) => execFileSync('git', ['--git-dir', git, 'rev-parse', ref], { env: GIT_ENV, encoding: 'utf8' }).trim();
  return { base: id(task.rules.base), queue: task.rules.record.kind === 'queue' ? id('requests') : null };
}

function verifier(project, task, values, base, queue) {
  const { rules } = task;
  const q = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const filled = (template) => q(fill(template, values));
  const { commit, changelog, record } = rules;
  const added = [
    ...(record.kind === 'file' ? [filled(record.place)] : []),
    ...(changelog?.fragment ? [filled(changelog.fragment)] : []),
  ];
  const lines = [
    `server ${project.name} ${rules.base} ${base}${queue ? ` ${queue}` : ''}`,
    `branch ${q(values.branch)}`,
    ['commits', commit.one ? 'one' : 'some', filled(commit.prefix), commit.max, ...commit.trailers.map(filled)].join(' '),
    ['adds', ...added].join(' '),
  ];
  if (changelog?.fragment) lines.push(`fragment ${filled(changelog.fragment)}`);
  if (changelog?.file) lines.push(`entry ${changelog.file} ${changelog.entry.split('*').map(filled).join(' ')}`);
  lines.push(['record', record.kind, filled(record.place), ...(record.fields ?? []).map(filled)].join(' '), 'works');
  return `#!/bin/bash\n. "\${BASH_SOURCE[0]%/*}/lib.sh"\n\n${lines.join('\n')}\n\nverdict\n`;
}

function patchOf(before, after) {
  const dir = mkdtempSync(join(scratch, 'patch-'));
  for (const [side, files] of [['a', before], ['b', after]]) for (const [path, text] of Object.entries(files)) write(join(dir, side, path), text);
  try {
    execFileSync('git', ['diff', '--no-index', '--no-prefix', '--no-color', '-U2', 'a', 'b'], { cwd: dir, env: GIT_ENV });
  } catch (error) {
    return error.stdout.toString().replace(/^index .*\n/gm, '');
  }
  throw new Error('the bug changes nothing');
}

/** An order that belongs to the words: neither the topics' own nor always the same. */
function shuffled(items, words) {
  let state = [...words].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
  const rest = [...items];
  return items.map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return rest.splice(Math.floor((state / 2 ** 32) * rest.length), 1)[0];
  });
}

function write(path, text, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}

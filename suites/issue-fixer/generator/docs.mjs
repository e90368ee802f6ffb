/**
 * A project's rules for contributions as its documentation gives them, in two styles with the same kinds of rules: `prose`, all
 * in CONTRIBUTING.md under fixed headings, and `indexed`, one page for each topic with the values in its front matter, found by
 * docs/index.yaml, with CONTRIBUTING.md left as a stub.
 */

/** `{issue}` and the like filled in. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`no value for {${name}} in "${template}"`);
    return values[name];
  });
}

/** Values that the examples in the documentation use: another issue, another area than the task's. */
function exampleOf(project, task) {
  const area = Object.keys(project.areas).find((name) => name !== task.area);
  const values = { issue: '7', issue4: '0007', area, owner: project.areas[area].owner };
  return { ...values, branch: fill(task.rules.branch, values) };
}

const words = {
  issue: 'the number of the issue',
  issue4: 'the number of the issue in four digits',
  area: 'the area',
  owner: "the area's reviewer",
  branch: 'the branch',
};

/** The placeholders of a template, in words. */
function partsOf(...templates) {
  const names = new Set(templates.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1])));
  return [...names].map((name) => words[name]).join(' and ');
}

const list = (items) => items.map((item) => `- ${item}`).join('\n');
const free = (text) => text.replace('*', 'what changed');

const recordWords = {
  file: (place) => `The request is a file on the branch, \`${place}\`, in the same commits as the change.`,
  queue: (place) =>
    `The request is the file \`${place}\` on the branch \`requests\`, which has only requests on it. Add yours in a commit of its own and push that branch; its commits need no particular form.`,
  tag: (place) => `The request is an annotated tag, \`${place}\`, on the last commit of the branch. Push it.`,
  note: (place) =>
    `The request is a git note under \`${place}\` on the last commit of the branch. Push that ref, too.`,
  ref: (place) => `The request is a ref of its own, \`${place}\`, that points to the last commit of the branch. Push it.`,
};

export function proseDocs(project, task) {
  const { rules } = task;
  const example = exampleOf(project, task);
  const areas = Object.entries(project.areas).map(
    ([area, { files, owner }]) => `What is in ${files.map((file) => `\`${file}\``).join(', ')} is the area ${area}; ${owner} reviews it.`,
  );
  const parts = [
    `# Contributing to ${project.name}`,
    `${project.about} Whoever wants to change it finds here all that there is to know; what the program has to do stands in \`docs/${project.tool}.md\`.`,
    '## Where a change begins',
    `Every change answers an issue. It begins from the tip of \`${rules.base}\`${rules.base === 'main' ? '' : ', not from `main`, where the next version is made'}. Nobody pushes to \`${rules.base}\` but the reviewers. \`sh tests/run.sh\` has to pass. New files are only those that the rules below ask for, and tests.`,
    '## Areas',
    areas.join(' '),
    '## Branches',
    `A branch is named after ${partsOf(rules.branch)}: \`${fill(rules.branch, example)}\` would be one for issue 7 in the area ${example.area}. The server takes no other names.`,
    '## Commits',
    commitWords(rules, example),
    ...(rules.changelog ? ['## Change log', changelogWords(rules.changelog, example)] : []),
    '## Pull requests',
    recordWords[rules.record.kind](fill(rules.record.place, example)) +
      ` (This would be the one for issue 7 in the area ${example.area}.)` +
      (rules.record.fields
        ? ` It has these lines, here as they would be for that issue:\n\n${list(rules.record.fields.map((field) => `\`${fill(field, example).replace('*', 'some words')}\``))}`
        : ''),
  ];
  return {
    'CONTRIBUTING.md': `${parts.join('\n\n')}\n`,
    [`docs/${project.tool}.md`]: `# ${project.tool}\n\n${project.module}`,
  };
}

function commitWords({ commit }, example) {
  const many = commit.one
    ? 'A branch has exactly one commit.'
    : 'A branch may have several commits, and each keeps these rules.';
  const last = commit.trailers.length === 1 ? 'The last paragraph is the trailer' : 'The last paragraph holds the trailers';
  return (
    `${many} Its subject is \`${fill(commit.prefix, example)}\` (for issue 7 in the area ${example.area}) and a few words on what changed, ` +
    `at most ${commit.max} characters in all, without a full stop. ${last}, for that issue:\n\n` +
    list(commit.trailers.map((trailer) => `\`${fill(trailer, example)}\``))
  );
}

function changelogWords(changelog, example) {
  if (changelog.fragment)
    return `Each change brings a line for the next change log in a file of its own: for issue 7 in the area ${example.area} it would be \`${fill(changelog.fragment, example)}\`. It has that one line and nothing else.`;
  return `Each change has one line in \`${changelog.file}\`, under "Unreleased": \`${free(fill(changelog.entry, example))}\`, if it were issue 7 in the area ${example.area}.`;
}

/** How the old style would have stood there before: for the history and for pages that are superseded. */
const outdated = {
  branches: 'A branch is called `fix/` and the number of the issue.',
  commits: 'The subject says what changed. The last paragraph is the trailer `Issue: #` with the number of the issue.',
  requests: 'The request is a file on the branch, `pull-requests/` with the number of the issue and `.md`, with lines for `Title`, `Issue` and `Reviewer`.',
};

export function outdatedDocs(project) {
  return {
    'CONTRIBUTING.md': `# Contributing to ${project.name}\n\n${project.about}\n\n## Branches\n\n${outdated.branches}\n\n## Commits\n\n${outdated.commits}\n\n## Pull requests\n\n${outdated.requests}\n`,
  };
}

export function indexedDocs(project, task, shuffle) {
  const { rules } = task;
  const { commit, changelog, record } = rules;
  const quoted = (text) => JSON.stringify(text.replace('*', '<text>').replace(/\{(\w+)\}/g, '<$1>'));
  const rows = (name, items) => `${name}:\n${items.map((item) => `  - ${quoted(item)}`).join('\n')}`;
  const pages = [
    {
      topic: 'base',
      values: [`base: ${rules.base}`, 'tests: sh tests/run.sh', 'new-files: none but those that a page asks for, and tests'],
      text: `Every change answers an issue and begins from the tip of \`base\`. Only reviewers push to it.`,
    },
    { topic: 'branch-names', values: [`pattern: ${quoted(rules.branch)}`], text: 'The server takes no other names.' },
    { topic: 'branch-names', old: true, values: [], text: outdated.branches },
    {
      topic: 'commits',
      values: [
        `per-branch: ${commit.one ? 1 : 'any number'}`,
        `subject: ${quoted(`${commit.prefix}*`)}`,
        `subject-length: ${commit.max}`,
        'full-stop: no',
        rows('trailers', commit.trailers),
      ],
      text: 'Trailers are the last paragraph of the message.',
    },
    ...(changelog
      ? [
          changelog.fragment
            ? { topic: 'change-log', values: [`file: ${quoted(changelog.fragment)}`, 'lines: 1'], text: 'A file with one line on what changed.' }
            : { topic: 'change-log', values: [`file: ${changelog.file}`, 'section: Unreleased', `line: ${quoted(changelog.entry)}`], text: 'One line in that section.' },
        ]
      : []),
    { topic: 'pull-requests', old: true, values: [], text: outdated.requests },
    {
      topic: 'pull-requests',
      values: [
        `kind: ${{ file: 'file', queue: 'file', tag: 'annotated tag', note: 'git note', ref: 'ref' }[record.kind]}`,
        ...(record.kind === 'queue' ? ['branch: requests'] : []),
        `${record.kind === 'note' || record.kind === 'ref' ? 'ref' : record.kind === 'tag' ? 'tag' : 'path'}: ${quoted(record.place)}`,
        ...(record.fields ? [rows('lines', record.fields)] : []),
      ],
      text: {
        file: 'It is in the same commits as the change.',
        queue: 'That branch has only requests on it. Add yours in a commit of its own, of any form, and push it.',
        tag: 'It is on the last commit of the branch, and pushed.',
        note: 'It is on the last commit of the branch, and its ref is pushed.',
        ref: 'It points to the last commit of the branch, and is pushed.',
      }[record.kind],
    },
  ];
  const numbered = shuffle(pages).map((page, i) => ({ ...page, id: `p${String(i + 1).padStart(2, '0')}` }));
  const current = (topic) => numbered.find((page) => page.topic === topic && !page.old).id;
  const files = {
    'CONTRIBUTING.md': `# Contributing to ${project.name}\n\nThis page is superseded and holds no rules any more. They are in \`docs/\`, one page for each topic; \`docs/index.yaml\` says\nwhich page holds what. Of two pages on one topic, the one whose status is \`current\` counts.\n`,
    'docs/index.yaml':
      `# What is where. Names in <angle brackets> are explained in reference/names.yaml.\nproject: ${project.name}\npages:\n` +
      numbered.map((page) => `  - topic: ${page.topic}\n    file: pages/${page.id}.md\n    status: ${page.old ? 'superseded' : 'current'}\n`).join('') +
      `modules:\n  - program: ${project.tool}\n    file: modules/${project.tool}.md\nreference:\n  - file: reference/names.yaml\n  - file: reference/areas.yaml\n`,
    'docs/reference/names.yaml': `issue: the number of the issue, such as 7\nissue4: the number of the issue in four digits, such as 0007\narea: the area of the files that are changed (areas.yaml)\nowner: the reviewer of that area, name and address as in areas.yaml\nbranch: the name of the branch\ntext: some words of your own\n`,
    'docs/reference/areas.yaml': Object.entries(project.areas)
      .map(([area, { files: own, owner }]) => `${area}:\n  files: [${own.join(', ')}]\n  owner: ${owner}\n`)
      .join(''),
    [`docs/modules/${project.tool}.md`]: `---\nprogram: ${project.tool}\nstatus: current\n---\n${project.module}`,
  };
  for (const page of numbered) {
    const head = [
      `topic: ${page.topic}`,
      page.old ? `status: superseded\nsuperseded-by: ${current(page.topic)}` : 'status: current',
      ...page.values,
    ];
    files[`docs/pages/${page.id}.md`] = `---\n${head.join('\n')}\n---\n${page.text}\n`;
  }
  return files;
}

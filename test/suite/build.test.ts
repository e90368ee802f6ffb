/** What of a Dockerfile reaches a sandbox. */
import { readBuild } from '../../src/suite/build.js';
import { buildContext } from '../../src/suite/build-context.js';
import type { Entry } from '../../src/suite/files.js';

const files = [
  'a.txt',
  'b.txt',
  'c d.txt',
  'data.tar.gz',
  'app/main.py',
  'app/lib/util.py',
  'app/lib/util.pyc',
  'secret/key',
];
const folders = ['app', 'app/lib', 'secret', 'empty'];
const entries: Entry[] = [
  ...files.map((path) => ({ path: `environment/${path}`, kind: 'file' as const, size: 1, link: false })),
  ...folders.map((path) => ({ path: `environment/${path}`, kind: 'folder' as const, size: 0, link: false })),
];

function build(dockerfile: string, dockerignore = '') {
  const result = readBuild(dockerfile, 'Dockerfile', buildContext(entries, dockerignore));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

const copy = (sources: string[], destination: string, more = {}) => ({
  kind: 'copy',
  sources,
  destination,
  chmod: null,
  extract: false,
  ...more,
});

test('the ordinary Dockerfile of a task', () => {
  const result = build(`# syntax=docker/dockerfile:1
FROM --platform=linux/amd64 python:3.13-slim
LABEL a=b
# a comment
WORKDIR /app
ENV LANG=C.UTF-8 \\
    # a comment between
    GREETING="hello  world" NAME='single $LANG'
RUN apt-get update && \\
    apt-get install -y git

COPY app/ .
COPY --chown=root:root --chmod=755 a.txt b.txt bin/
ADD data.tar.gz /data
USER worker:staff
EXPOSE 80
CMD ["bash"]
`);
  expect(result).toMatchObject({
    unsupported: null,
    workdir: '/app',
    user: 'worker',
    env: { LANG: 'C.UTF-8', GREETING: 'hello  world', NAME: 'single $LANG' },
  });
  expect(result.steps).toEqual([
    { kind: 'workdir', path: '/app' },
    { kind: 'env', values: { LANG: 'C.UTF-8', GREETING: 'hello  world', NAME: 'single $LANG' } },
    { kind: 'run', form: 'shell', command: 'apt-get update &&     apt-get install -y git' },
    copy(['app'], '/app/'),
    copy(['a.txt', 'b.txt'], '/app/bin/', { chmod: '755' }),
    copy(['data.tar.gz'], '/data', { extract: true }),
    { kind: 'user', user: 'worker' },
  ]);
});

test('relative working directories follow each other; without one paths start at the root', () => {
  const { steps, workdir } = build('FROM a\nCOPY a.txt x\nWORKDIR srv\nWORKDIR deep/../er\nCOPY a.txt ./\n');
  expect(workdir).toBe('/srv/er');
  expect(steps.filter(({ kind }) => kind === 'copy')).toEqual([
    copy(['a.txt'], '/x'),
    copy(['a.txt'], '/srv/er/'),
  ]);
});

test('variables: ENV and ARG, with defaults, before and after FROM, never from the host', () => {
  process.env.FROM_THE_HOST = 'host';
  const { steps, env } = build(`ARG VERSION=1.0
ARG HIDDEN=no
FROM base:$VERSION
ARG VERSION
ARG DIR=/opt/\${VERSION}
ENV ROOT=$DIR OTHER=\${MISSING:-fallback} HOST=$FROM_THE_HOST ALT=\${DIR:+yes}$HIDDEN ESCAPED=\\$DIR
ENV ROOT=/new SEEN=$ROOT
WORKDIR $ROOT
ENV OLD some  text with $ROOT
`);
  delete process.env.FROM_THE_HOST;
  expect(env).toEqual({
    ROOT: '/new',
    OTHER: 'fallback',
    HOST: '',
    ALT: 'yes',
    ESCAPED: '$DIR',
    SEEN: '/opt/1.0',
    OLD: 'some  text with /new',
  });
  expect(steps).toContainEqual({ kind: 'workdir', path: '/new' });
});

test('RUN: exec form, another shell, build arguments', () => {
  expect(build('FROM a\nRUN ["echo", "a b"]\n').steps).toEqual([
    { kind: 'run', form: 'exec', argv: ['echo', 'a b'] },
  ]);
  expect(build('FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\n').steps).toEqual([
    { kind: 'run', form: 'exec', argv: ['/bin/bash', '-o', 'pipefail', '-c', 'a | b'] },
  ]);
  expect(build("FROM a\nARG X='1 2'\nRUN echo $X\n").steps).toEqual([
    { kind: 'run', form: 'exec', argv: ['env', 'X=1 2', '/bin/sh', '-c', 'echo $X'] },
  ]);
  expect(build('FROM a\nRUN cat <<< word; echo $((1<<2))\n').unsupported).toBeNull();
});

test('COPY: patterns, names with blanks, and what .dockerignore leaves out', () => {
  expect(build('FROM a\nCOPY *.txt /x/\n').steps).toEqual([copy(['a.txt', 'b.txt', 'c d.txt'], '/x/')]);
  expect(build('FROM a\nCOPY [ab].t?t app/*/util.py /x/\n').steps).toEqual([
    copy(['a.txt', 'b.txt', 'app/lib/util.py'], '/x/'),
  ]);
  expect(build('FROM a\nCOPY ["c d.txt", "/x"]\n').steps).toEqual([copy(['c d.txt'], '/x')]);
  expect(build('FROM a\nCOPY . /x\n').steps).toEqual([copy(['.'], '/x')]);
  expect(build('FROM a\nCOPY empty/ /x/\n').steps).toEqual([copy(['empty'], '/x/')]);
  expect(build('FROM a\nCOPY app /x\n', 'secret\n# comment\n**/*.pyc\n').steps).toEqual([
    copy(['app/main.py'], '/x/'),
    copy(['app/lib/util.py'], '/x/lib/'),
  ]);
  expect(build('FROM a\nCOPY . /x/\n', '*\n!a.txt\n!app\napp/lib\n').steps).toEqual([
    copy(['a.txt'], '/x/'),
    copy(['app/main.py'], '/x/app/'),
  ]);
});

test.each([
  ['COPY secret /x/', 'secret'],
  ['COPY nothing /x/', ''],
  ['COPY *.md /x/', ''],
])('%s is refused when nothing is there to copy', (line, dockerignore) => {
  const result = readBuild(`FROM a\n${line}\n`, 'Dockerfile', buildContext(entries, dockerignore));
  expect(result).toMatchObject({ ok: false, problems: [{ file: 'Dockerfile', field: 'line 2' }] });
});

test.each([
  ['FROM b', 'several stages'],
  ['COPY --from=builder /x /y', '--from'],
  ['COPY --chown=user a.txt /y', '--chown'],
  ['COPY <<EOF /y\nx\nEOF', 'here-documents'],
  ['RUN <<EOF\necho\nEOF', 'here-documents'],
  ["RUN python3 - <<'PY'\nPY", 'here-documents'],
  ['RUN --mount=type=cache,target=/x make', '--mount'],
  ['ADD https://example.org/x.tar.gz /x', 'URL'],
  ['ADD git@github.com:a/b.git /x', 'URL'],
  ['ENTRYPOINT ["/init"]', 'ENTRYPOINT'],
  ['VOLUME /data', 'VOLUME'],
  ['ONBUILD RUN x', 'ONBUILD'],
  ['SHELL ["powershell"]', 'sh and bash'],
  ['ENV A=${B##*/}', 'substitution'],
  ['USER $(id)', 'USER'],
  ['NONSENSE x', 'NONSENSE'],
])('%s is unsupported, with its line', (line, reason) => {
  const { unsupported, steps } = build(`FROM a\nWORKDIR /app\n\n${line}\nRUN never\n`);
  expect(unsupported).toMatch(/^Dockerfile line 4: /);
  expect(unsupported).toContain(reason);
  expect(steps).toEqual([{ kind: 'workdir', path: '/app' }]);
});

test('another escape character than the backslash', () => {
  expect(build('# escape=`\nFROM a\nRUN a `\n b\n').unsupported).toMatch(/escape/);
});

test('a pattern made to take for ever takes no time', () => {
  const long = [{ path: `environment/${'a'.repeat(200)}`, kind: 'file' as const, size: 1, link: false }];
  const result = readBuild(`FROM a\nCOPY ${'*a'.repeat(60)}b /x/\n`, 'Dockerfile', buildContext(long, ''));
  expect(result.ok).toBe(false);
});

test('ENV PATH builds on the PATH of a base image', () => {
  const { env } = build('FROM debian\nENV PATH=/opt/bin:$PATH\n');
  expect(env.PATH).toBe('/opt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
});

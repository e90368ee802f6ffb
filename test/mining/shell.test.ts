import fc from 'fast-check';
import { programOf, simpleCommands } from '../../src/mining/shell.js';

const programs = (text: string) => simpleCommands(text).map(programOf);

test('splits a line at its operators and leaves quoted ones alone', () => {
  expect(programs('cd /app && ls -l | grep "a;b && c" ; echo \'x | y\'')).toEqual([
    'cd',
    'ls',
    'grep',
    'echo',
  ]);
});

test('wrappers and keywords are not the program', () => {
  expect(programs('if sudo -u root timeout 5 make; then nohup ./serve & fi')).toEqual(['make', 'serve']);
  expect(simpleCommands('timeout -k 5 30s make')[0]).toMatchObject({ words: ['make'], bounded: true });
  expect(simpleCommands('./serve --port 1 &')[0]).toMatchObject({ background: true });
  expect(simpleCommands('true && false')[0]).toMatchObject({ background: false });
});

test('files that are written are told from descriptors and devices', () => {
  const [command] = simpleCommands('sort < in.txt > "/app/out file.txt" 2>/dev/null');
  expect(command).toMatchObject({ words: ['sort'], writes: ['/app/out file.txt'] });
  expect(simpleCommands('make 2>&1 >> log')[0]).toMatchObject({ words: ['make'], writes: ['log'] });
  expect(simpleCommands('make &> all.log')[0]).toMatchObject({ writes: ['all.log'] });
});

test('assignments for the shell and for one program', () => {
  expect(simpleCommands('A=1 B=2')[0]).toMatchObject({ words: [], assigned: ['A', 'B'] });
  expect(simpleCommands('A=1 make')[0]).toMatchObject({ words: ['make'], assigned: ['A'] });
});

test('the body of a here-document and comments are not commands', () => {
  expect(programs("cat > run.sh <<'END'\nrm -rf /app\nEND\nsh run.sh # rm it")).toEqual(['cat', 'sh']);
});

test('any text is read without an exception, in bounded work', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => simpleCommands(text).length <= 401),
  );
  expect(simpleCommands('a;'.repeat(100_000)).length).toBeLessThanOrEqual(4000);
});

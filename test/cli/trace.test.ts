import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createFileStore } from '../../src/store/file.js';
import { executeTrial, type InvalidTrial, keepInvalid } from '../../src/trial/run.js';
import { cli, scratch } from '../support/cli.js';
import { fakeDeps, fakeInput, fakeSandboxes, rewarding } from '../trial/fakes.js';

test('trials that stayed invalid are listed too, with the reason', async () => {
  const dir = scratch();
  const store = createFileStore(join(dir, 'store'));
  await executeTrial(fakeDeps({ store }), fakeInput());
  const { spec, ...input } = fakeInput();
  const broken = { ...input, spec: { ...spec, attempt: 2 } };
  const deps = fakeDeps({ store, sandbox: fakeSandboxes(rewarding('perhaps')) });
  const error = await executeTrial(deps, broken).catch((thrown) => thrown as InvalidTrial);
  await keepInvalid(deps, broken, error as InvalidTrial);

  const { code, stdout } = await cli(['trace', '--state', dir]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/passed +first +r1\/observe +a{12} +3/);
  expect(stdout).toMatch(/invalid +first +r1\/observe +a{12} +3 +the verifier gave no verdict.*"perhaps"/);
  rmSync(dir, { recursive: true });
});

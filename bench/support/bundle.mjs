// node bundle.mjs WORKFLOWS OUT: bundles in a process of its own, so that webpack's memory is not counted as a worker's.
import { writeFileSync } from 'node:fs';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const [workflowsPath, out] = process.argv.slice(2);
const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
writeFileSync(out, code);

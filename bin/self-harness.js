#!/usr/bin/env node
import { existsSync } from 'node:fs';

if (!existsSync(new URL('../dist/cli/main.js', import.meta.url))) {
  console.error('self-harness is not built. Run: npm run setup');
  process.exit(1);
}
const { main } = await import('../dist/cli/main.js');
await main(process.argv);

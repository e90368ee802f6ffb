// Writes the pages that are generated from the sources: docs/harness.md and docs/harness.schema.json. Needs `npm run build`.
import { writeFile } from 'node:fs/promises';
import { harnessJsonSchema } from '../dist/harness/json-schema.js';
import { harnessReference } from '../dist/harness/reference.js';

const pages = {
  'harness.md': harnessReference(),
  'harness.schema.json': `${JSON.stringify(harnessJsonSchema(), null, 2)}\n`,
};
for (const [name, text] of Object.entries(pages)) {
  await writeFile(new URL(`../docs/${name}`, import.meta.url), text);
  console.log(`wrote docs/${name}`);
}

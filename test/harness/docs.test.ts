import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { harnessJsonSchema, type JsonSchema } from '../../src/harness/json-schema.js';
import { parseHarness } from '../../src/harness/parse.js';
import { harnessReference, WORKED_RULES } from '../../src/harness/reference.js';
import { RULE_VARIABLES } from '../../src/harness/rules.js';
import { valid } from './harnesses.js';

const docs = (name: string) => readFileSync(join(__dirname, '../../docs', name), 'utf8');

describe('the committed documentation', () => {
  test('is what the sources generate (else: npm run docs)', () => {
    expect(docs('harness.md')).toBe(harnessReference());
    expect(JSON.parse(docs('harness.schema.json'))).toEqual(JSON.parse(JSON.stringify(harnessJsonSchema())));
  });

  test('describes every field of the format', () => {
    const undescribed: string[] = [];
    const visit = (node: JsonSchema, path: string): void => {
      for (const [name, field] of Object.entries(node.properties ?? {})) {
        if (!field.description) undescribed.push(`${path}.${name}`);
        visit(field, `${path}.${name}`);
      }
      if (typeof node.additionalProperties === 'object' && !('$ref' in node.additionalProperties)) {
        const named = node.additionalProperties;
        if (!named.description && !named.properties) undescribed.push(`${path}.<name>`);
        visit(named, `${path}.<name>`);
      }
      if (node.items) visit(node.items, `${path}[]`);
      for (const form of node.oneOf ?? []) visit(form, path);
    };
    visit(harnessJsonSchema(), '');
    expect(undescribed).toEqual([]);
  });

  test('has a JSON Schema that accepts what the program accepts, and refuses unknown fields', () => {
    const check = new Ajv2020({ strict: false }).compile(JSON.parse(docs('harness.schema.json')));
    const policies = readdirSync(join(__dirname, 'policies')).map((file) =>
      join(__dirname, 'policies', file),
    );
    for (const file of [...policies, join(__dirname, '../../harness-registry/seed.yaml')]) {
      expect([file, check(parse(readFileSync(file, 'utf8'))), check.errors]).toEqual([file, true, null]);
    }
    expect(check({ name: 'a', rulez: {} })).toBe(false);
    expect(check({ name: 'a', rules: { R: { on: 'start', do: [{ action: 'stop' }] } } })).toBe(false);
  });

  test('names every variable, and its worked rules are valid', () => {
    const page = harnessReference();
    for (const path of Object.keys(RULE_VARIABLES)) expect(page).toContain(`| \`${path}\` |`);
    const harness = valid(parseHarness(`name: worked\n${WORKED_RULES}`, 'docs'));
    expect(Object.keys(harness.rules)).toEqual(['loop-breaker', 'no-duplicates', 'repair-first']);
  });
});

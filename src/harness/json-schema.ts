/** The harness format as JSON Schema, for editors and for proposers. */
import { z } from 'zod';
import { harnessSchema } from './schema.js';

export interface JsonSchema {
  [keyword: string]: unknown;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
  description?: string;
}

let generated: JsonSchema | undefined;

/** Draft 2020-12, of the document as people write it: fields with a default are optional. Do not change the result. */
export function harnessJsonSchema(): JsonSchema {
  generated ??= {
    ...(z.toJSONSchema(harnessSchema, { io: 'input' }) as JsonSchema),
    title: 'Self-Harness harness document',
  };
  return generated;
}

/** The schema at a path of a document; undefined where the format has nothing. `value` picks among alternatives. */
export function schemaAt(path: readonly PropertyKey[], value: unknown): JsonSchema | undefined {
  let node: JsonSchema | undefined = harnessJsonSchema();
  let data = value;
  for (const step of path) {
    node = alternative(node, data);
    data = (data as Record<PropertyKey, unknown> | null | undefined)?.[step];
    if (typeof step === 'number') node = node?.items;
    else node = node?.properties?.[String(step)] ?? object(node?.additionalProperties);
    if (node === undefined) return undefined;
  }
  return alternative(node, data);
}

/** Of several forms told apart by a constant field, the one that the data names. */
function alternative(node: JsonSchema | undefined, data: unknown): JsonSchema | undefined {
  if (node?.oneOf === undefined) return node;
  return node.oneOf.find((form) =>
    Object.entries(form.properties ?? {}).some(
      ([name, field]) => 'const' in field && field.const === (data as Record<string, unknown> | null)?.[name],
    ),
  );
}

function object(value: JsonSchema | boolean | undefined): JsonSchema | undefined {
  return typeof value === 'object' ? value : undefined;
}

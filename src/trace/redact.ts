/** Takes secrets out of whatever is about to be kept. */

const mark = '[redacted]';
/** Encoded forms of shorter secrets would match ordinary text. */
const minEncodedLength = 6;

/**
 * A copy of `value` without any of `secrets`, in strings and keys at any depth; also their URL-encoded, JSON-escaped and
 * base64 forms. Blank secrets are ignored. What has nothing to redact is returned as it is.
 */
export function redact<T>(value: T, secrets: Iterable<string>): T {
  const forms = formsOf(secrets);
  return forms.length === 0 ? value : (walk(value, forms) as T);
}

function walk(value: unknown, forms: string[]): unknown {
  if (typeof value === 'string') return clean(value, forms);
  if (Array.isArray(value)) return value.map((item) => walk(item, forms));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [clean(key, forms), walk(item, forms)]),
  );
}

function clean(text: string, forms: string[]): string {
  let result = text;
  for (const form of forms) if (result.includes(form)) result = result.replaceAll(form, mark);
  return result;
}

/** Longest first, so that a secret that contains another is not left half visible. */
function formsOf(secrets: Iterable<string>): string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    const bare = secret.trim();
    if (bare === '') continue;
    forms.add(bare);
    if (bare.length < minEncodedLength) continue;
    forms.add(encodeURIComponent(bare));
    forms.add(JSON.stringify(bare).slice(1, -1));
    for (const form of base64Forms(bare)) forms.add(form);
  }
  return [...forms].sort((a, b) => b.length - a.length);
}

/** What the secret looks like inside any base64 text: it may start at each of three positions of a group. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const whole = shifted.toString('base64').replace(/=+$/, '');
    // The first characters carry bits of what stands before, the last one those of what comes after.
    const start = Math.ceil((offset * 8) / 6);
    const core = whole.slice(start, shifted.length % 3 === 0 ? undefined : -1);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

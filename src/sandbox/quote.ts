/** One word of bash that stands for exactly `text`. The result is ASCII; `text` must hold no NUL. */
export function quote(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  return quoteBytes(Buffer.from(text, 'utf8'));
}

/** The same for bytes that need not be UTF-8. */
export function quoteBytes(bytes: Uint8Array): string {
  let quoted = "$'";
  for (const byte of bytes) {
    if (byte === 0x27 || byte === 0x5c) quoted += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte < 0x7f) quoted += String.fromCharCode(byte);
    else quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${quoted}'`;
}

/** Bash code that exports `values`; names that a shell cannot hold are left out. */
export function exports(values: Record<string, string>): string {
  return Object.entries(values)
    .filter(([name, value]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !value.includes('\0'))
    .map(([name, value]) => `export ${name}=${quote(value)};`)
    .join('');
}

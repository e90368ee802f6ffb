/** `text` in at most `max` characters: its head and tail, and how much was left out between them. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const note = `[... ${text.length - max} characters left out ...]`;
  const room = max - note.length - 2;
  if (room < 2) return text.slice(0, Math.max(0, max));
  const head = Math.ceil((room * 2) / 3);
  return `${text.slice(0, head)}\n${note}\n${text.slice(text.length - (room - head))}`;
}

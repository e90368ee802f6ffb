/** An idea of a simulated model, and the forms that ideas take by surface. */

export interface Idea {
  /** Place below the surface. */
  path: string;
  value: unknown;
  /** replace: the place is there already. */
  op?: 'add' | 'replace';
  summary: string;
  /** Words that the documentation of the surface has to hold for this idea to come up. */
  needs?: string[];
}

/** Needs what its event and its condition speak of. */
export const rule = (name: string, on: string, when: string, act: object, more: object = {}): Idea => ({
  path: `/${name}`,
  value: { on, when, do: [act], ...more },
  summary: `A rule: ${name.replaceAll('-', ' ')}`,
  needs: [
    on,
    ...(when.match(/[a-zA-Z]+(?:\.[a-zA-Z]+)?/g) ?? [])
      .filter((word) => /^(call|result|artifacts|check)\.|Calls|Errors/.test(word))
      .map((word) => word.replace(/\.size$/, '')),
  ],
});

/** What a rule does, with words for the model. */
export const inject = (message: string) => ({ action: 'inject', message });
export const block = (message: string) => ({ action: 'block', message });
export const refuse = (message: string) => ({ action: 'refuse-finish', message });

/** By surface: an instruction, a skill, a note of memory, the words of a tool, a phase of orchestration. */
export const section = (name: string, text: string): Idea => ({
  path: `/${name}`,
  value: { order: 450, text },
  summary: `An instruction: ${name.replaceAll('-', ' ')}`,
});
export const skill = (name: string, body: string): Idea => ({
  path: `/${name}`,
  value: { description: `Know-how on ${name.replaceAll('-', ' ')}.`, body },
  summary: `A skill: ${name.replaceAll('-', ' ')}`,
});
export const note = (name: string, text: string): Idea => ({
  path: `/notes/${name}`,
  value: text,
  summary: `A note: ${name.replaceAll('-', ' ')}`,
});
export const shellWords = (text: string): Idea => ({
  path: '/builtin/shell/description',
  op: 'replace',
  value: `Runs a command with bash and returns its output and exit code. ${text}`,
  summary: 'Clearer words for the shell tool',
});
export const phase = (name: string, afterToolCalls: number, text: string): Idea => ({
  path: `/phases/${name}`,
  value: { afterToolCalls, text },
  summary: `A phase: ${name}`,
});

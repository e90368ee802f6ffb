/**
 * What a simulated model takes from the words of a harness. Sentences are judged by their general meaning: they have to
 * ask for something, and speak of the matter in any of many ways. No wording of any rule is special.
 */

/** What a harness can press for. */
export type Pressure =
  | 'deliver'
  | 'stop-exploring'
  | 'no-repeat'
  | 'recreate'
  | 'environment'
  | 'repair-check'
  | 'dependencies'
  | 'plain-content'
  | 'bound-outside'
  | 'explore-more'
  | 'fixed-place'
  | 'follow-references';

const asking =
  /\b(must|always|never|do not|don't|cannot|should|have to|has to|needs? to|make sure|ensure|avoid|stop|instead|before|until|first|now|only|required?|at once|immediately|refus|not allowed|forbidden|blocked)\b/i;
const imperative =
  /^\W*(please |then |and |so |if [^,]*, ?|when [^,]*, ?|once [^,]*, ?|after [^,]*, ?|before [^,]*, ?|whenever [^,]*, ?)?(create|write|produce|deliver|make|start|begin|use|set|export|prefix|repeat|check|verify|confirm|test|run|re-?run|repair|fix|correct|recreate|restore|keep|limit|bound|switch|move|go|change|try|choose|pick|look|finish|read|explore|inspect|put|send|pass|give|turn|redirect|implement|build|list|combine|include|wrap|prefer|take|follow|open|consult)\b/i;

const result =
  '(artifacts?|deliverables?|outputs?( files?)?|results?|required files?|(declared|expected|missing|requested|named) (files?|paths?)|what (the task|is) asks?( for)?|solution|implementation)';
const near = (a: string, b: string, gap = 100): RegExp =>
  new RegExp(`${a}[^.!?]{0,${gap}}${b}|${b}[^.!?]{0,${gap}}${a}`, 'i');

const families: Record<Pressure, RegExp[]> = {
  deliver: [
    near(
      '\\b(creat|writ|produc|deliver|mak|start|put|build|implement|draft|save)\\w*',
      `\\b${result}\\b[^.!?]{0,60}\\b(first|early|now|at once|immediately|before|soon|right away|straight|missing|still|already)`,
      60,
    ),
    near(
      '\\b(first|early|now|at once|immediately|before|soon|right away|straight|missing|still|without)\\b',
      `\\b(creat|writ|produc|deliver|build|implement|draft|save)\\w*[^.!?]{0,60}\\b${result}`,
      80,
    ),
    near(`\\b${result}`, '\\b(missing|not (yet )?(there|exist|written|been (written|created|made)))', 60),
    /\bdeliver\b[^.!?]{0,40}\b(now|first|what)\b/i,
  ],
  'stop-exploring': [
    near(
      '\\b(stop|limit|bound|no more|enough|end|cut short|move on|switch|move|turn|go over)\\w*',
      '\\b(explor|reading|listing|looking|inspect|gathering|analys|investigat)\\w*',
      60,
    ),
    near(
      '\\b(explor|read|list|look|inspect)\\w*',
      '\\b(to|into|start|begin)\\b[^.!?]{0,20}\\b(implement|build|writ|produc|deliver|mak)\\w*',
      60,
    ),
  ],
  'no-repeat': [
    near(
      '\\b(repeat|duplicat|identical|same|again|retry|retrying|re-?run)\\w*',
      '\\b(command|call|step|action|failing|failed|failure)\\w*',
      80,
    ),
  ],
  recreate: [
    near(
      '\\b(recreat|re-create|restor|rewrit|re-?write|bring back|write [^.!?]{0,30} again|creat|delet|remov|gone|missing)\\w*',
      `\\b${result}`,
      80,
    ),
  ],
  environment: [
    near(
      '\\b(PATH|environment|variables?|export\\w*|working directory|director(y|ies)|cd)\\b',
      '\\b(each|every|same|one|single|again|persist\\w*|carry|lost|survive|kept|keep|absolute|full path)\\b',
      120,
    ),
  ],
  'repair-check': [
    near(
      '\\b(check|test|verif|validat|sanity|assert)\\w*',
      '\\b(fail|pass|repair|fix|correct|green|succeed|mend)\\w*',
      100,
    ),
    near('\\b(fail|error|exit code|non-?zero)\\w*', '\\b(finish|conclud|end|stop|done|complet)\\w*', 80),
  ],
  dependencies: [
    near(
      '\\b(check|verify|confirm|make sure|ensure|look|test|probe|command -v|which)\\b',
      '\\b(dependenc|prerequisit|program|tool|command|package|librar|interpreter|binar)\\w*[^.!?]{0,60}\\b(before|first|exist|available|installed|there|present|reachable)',
      60,
    ),
    near(
      '\\b(before|first)\\b',
      '\\b(check|verify|confirm|make sure|ensure|probe)\\w*[^.!?]{0,60}\\b(dependenc|prerequisit|installed|available|command -v)',
      60,
    ),
    near(
      '\\bnot (found|installed|available)\\b',
      '\\b(instead|what is there|another|other|available)\\b',
      80,
    ),
  ],
  'plain-content': [
    near(
      '\\b(tags?|markup|xml|wrapp\\w*|fences?|angle brackets?|parameter tags?)\\b',
      '\\b(content|argument|command|call|text|without|no|plain|raw|never)\\w*',
      80,
    ),
    near('\\b(plain|raw|bare|well-formed)\\b', '\\b(content|argument|command|call)s?\\b', 60),
  ],
  'bound-outside': [
    near(
      '\\b(download|internet|network|fetch|mirror|external|outside|remote|computation|long-running)\\w*',
      '\\b(bound|limit|avoid|not|never|without|offline|local|switch|timeout|time out|instead|stop|give up|after one|once)\\w*',
      100,
    ),
  ],
  'explore-more': [
    near(
      '\\b(read|explor|inspect|stud|look at|list|analys)\\w*',
      '\\b(all|every|everything|whole|thorough|complete|exhaustive)\\w*',
      40,
    ),
  ],
  'fixed-place': [
    near(
      '\\b(CONTRIBUTING|AGENTS|README)(\\.md)?',
      '\\b(rules?|conventions?|guidelines?|how to contribute)\\b',
      120,
    ),
  ],
  'follow-references': [
    near(
      `\\b(supersed\\w*|outdated|stale|stubs?|moved|(points?|refers?|referr\\w+|references?|redirects?)( to)?|index(es)?|another (place|page|file|document)|(place|page|file|document) (that )?it names|elsewhere)\\b`,
      '\\b(open|follow|go by|look(ed)? up|look\\b[^.!?]{0,30}\\bup|consult|read|turn to|go to|go on to)\\b',
      120,
    ),
  ],
};

/** Said in the middle of the work, these count as well; in a general instruction they are too vague to change anything. */
const atTheMoment: Partial<Record<Pressure, RegExp>> = {
  'no-repeat':
    /\b(different|another|other|change)\b[^.!?]{0,40}\b(approach|way|command|method|strategy|plan|tack)\b/i,
  dependencies:
    /\b(different|another|other|change)\b[^.!?]{0,40}\b(approach|way|command|tool|program|method)\b/i,
  'bound-outside': /\b(different|another|other|change)\b[^.!?]{0,40}\b(approach|way|method|strategy)\b/i,
  'plain-content': /\b(malformed|syntax|format|quot)\w*/i,
  environment: /\b(not found|PATH)\b/i,
};

/** What `text` presses for; `standing`: it is a general instruction, not said at the moment. */
export function pressuresIn(text: string, standing: boolean): Set<Pressure> {
  const key = `${standing ? 's' : 'm'}${text}`;
  const known = cache.get(key);
  if (known) return known;
  const found = new Set<Pressure>();
  for (const sentence of standing ? sentences(text) : withWhole(sentences(text))) {
    if (!asking.test(sentence) && !imperative.test(sentence)) continue;
    for (const [pressure, patterns] of Object.entries(families) as [Pressure, RegExp[]][]) {
      const more = standing ? undefined : atTheMoment[pressure];
      if (patterns.some((pattern) => pattern.test(sentence)) || more?.test(sentence)) found.add(pressure);
    }
  }
  if (cache.size > 2000) cache.clear();
  cache.set(key, found);
  return found;
}

/** The same prompts come again with every request. */
const cache = new Map<string, Set<Pressure>>();

function sentences(text: string): string[] {
  return text
    .slice(0, 60_000)
    .split(/(?<=[.!?:;])\s+|\n+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A message at the moment often says in one sentence what is the matter and in another what to do. */
function withWhole(parts: string[]): string[] {
  const whole = parts.map((part) => part.replace(/[.!?:;]+$/, '')).join(', ');
  return parts.length > 1 ? [...parts, whole.slice(0, 800)] : parts;
}

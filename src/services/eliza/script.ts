/**
 * What ELIZA says: a script of keywords, patterns and answers.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";

/** How to answer what fits a pattern. */
export interface ElizaRule {
  /** Words; `*` is any words or none, `@name` a word of a group of synonyms. */
  readonly match: readonly string[];
  /** Answers in turn: `(2)` is the text matched by the second part of the pattern; `goto word`, `newkey`. */
  readonly say: readonly string[];
}

/** A word that selects the rules for the answer. */
export interface ElizaKeyword {
  /** The word. */
  readonly word: string;
  /** Which of several keywords wins: the highest, of equals the first. */
  readonly rank: number;
  /** Tried in order. */
  readonly rules: readonly ElizaRule[];
}

/** A whole script. */
export interface ElizaScript {
  /** Said first. */
  readonly greeting: string;
  /** Said last. */
  readonly farewell: string;
  /** What ends the conversation, as a whole sentence. */
  readonly quit: readonly string[];
  /** Words that are replaced before keywords are looked for. */
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** Words that are replaced in quoted text: `my` becomes `your`. */
  readonly after: ReadonlyMap<string, string>;
  /** Groups of words that stand for each other. */
  readonly synonyms: ReadonlyMap<string, readonly string[]>;
  /** Keywords by their word. */
  readonly keywords: ReadonlyMap<string, ElizaKeyword>;
  /** Memory: parts of a sentence with this keyword, kept for a moment when nothing else fits. */
  readonly memory: { readonly word: string; readonly rules: readonly ElizaRule[] };
  /** Said when nothing fits and nothing is remembered. */
  readonly none: readonly string[];
}

/** Most keywords, rules or answers in a list. */
const MAX_ENTRIES = 2000;
const MAX_TEXT = 500;

/**
 * Reads a script.
 *
 * @param data The content of a YAML or JSON file.
 * @returns The script, checked: its groups and the keywords that it refers to are there.
 * @throws {NetwrightError} With the place of the mistake.
 */
export function parseElizaScript(data: unknown): ElizaScript {
  const top = record(data, "the script");
  const synonyms = new Map(
    Object.entries(record(top.synonyms ?? {}, "synonyms")).map(([name, words]) =>
      [name.toLowerCase(), texts(words, `synonyms.${name}`).map(lower)] as const
    ),
  );
  const keywords = new Map(
    list(top.keywords, "keywords").map((entry, index) => {
      const where = `keywords[${index}]`;
      const { word, rank = 0, rules } = record(entry, where);
      const name = lower(text(word, `${where}.word`));
      if (typeof rank !== "number" || !Number.isFinite(rank)) {
        fail(`${where}.rank must be a number`);
      }
      return [name, {
        word: name,
        rank: rank as number,
        rules: parseRules(rules, `${where}.rules`, synonyms),
      }] as const;
    }),
  );
  for (const { word, rules } of keywords.values()) checkLinks(word, rules, keywords);
  const memory = record(top.memory ?? { word: "", rules: [] }, "memory");
  return {
    greeting: text(top.greeting, "greeting"),
    farewell: text(top.farewell, "farewell"),
    quit: texts(top.quit, "quit").map(lower),
    before: new Map(
      pairs(top.before, "before").map(([from, to]) => [from, to.split(/\s+/)] as const),
    ),
    after: new Map(pairs(top.after, "after")),
    synonyms,
    keywords,
    memory: {
      word: lower(String(memory.word ?? "")),
      rules: parseRules(memory.rules, "memory.rules", synonyms),
    },
    none: texts(top.none, "none"),
  };
}

function parseRules(
  data: unknown,
  where: string,
  synonyms: ReadonlyMap<string, readonly string[]>,
): ElizaRule[] {
  return list(data, where).map((entry, index) => {
    const rule = record(entry, `${where}[${index}]`);
    const match = lower(text(rule.match, `${where}[${index}].match`)).split(/\s+/);
    const say = texts(rule.say, `${where}[${index}].say`);
    for (const part of match) {
      if (part.startsWith("@") && !synonyms.has(part.slice(1))) {
        fail(`${where}[${index}].match: unknown synonyms ${part}`);
      }
    }
    for (const answer of say) {
      for (const [, number] of answer.matchAll(/\((\d+)\)/g)) {
        if (Number(number) < 1 || Number(number) > match.length) {
          fail(`${where}[${index}].say: the pattern has no part (${number})`);
        }
      }
    }
    return { match, say };
  });
}

function checkLinks(
  word: string,
  rules: readonly ElizaRule[],
  keywords: ReadonlyMap<string, ElizaKeyword>,
): void {
  for (const answer of rules.flatMap(({ say }) => say)) {
    const target = /^goto (\S+)$/.exec(answer)?.[1];
    if (target !== undefined && !keywords.has(target)) {
      fail(`the keyword ${word} goes to ${target}, which is not a keyword`);
    }
  }
}

function fail(reason: string): never {
  throw new NetwrightError(reason, { operation: "read a script of eliza" });
}

function record(data: unknown, where: string): Record<string, unknown> {
  if (typeof data === "object" && data !== null && !Array.isArray(data)) {
    return data as Record<string, unknown>;
  }
  fail(`${where} must be a table of names and values`);
}

function list(data: unknown, where: string): unknown[] {
  if (!Array.isArray(data)) fail(`${where} must be a list`);
  if (data.length > MAX_ENTRIES) fail(`${where} has more than ${MAX_ENTRIES} entries`);
  return data;
}

function text(data: unknown, where: string): string {
  // YAML reads a lone `no` or `1` as something else than text.
  const shown = typeof data === "number" || typeof data === "boolean" ? String(data) : data;
  if (typeof shown !== "string" || shown === "") fail(`${where} must be a text`);
  if (shown.length > MAX_TEXT) fail(`${where} is longer than ${MAX_TEXT} characters`);
  return shown;
}

function texts(data: unknown, where: string): string[] {
  const found = list(data, where).map((entry, index) => text(entry, `${where}[${index}]`));
  if (found.length === 0) fail(`${where} is empty`);
  return found;
}

function pairs(data: unknown, where: string): [from: string, to: string][] {
  return Object.entries(record(data ?? {}, where)).map(([from, to]) => [
    lower(from),
    text(to, `${where}.${from}`),
  ]);
}

function lower(word: string): string {
  return word.toLowerCase();
}

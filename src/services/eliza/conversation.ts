/**
 * ELIZA, the psychotherapist (Joseph Weizenbaum, CACM 9.1, 1966).
 *
 * @module
 */

import type { ElizaKeyword, ElizaRule, ElizaScript } from "./script.ts";

/** Letters with their marks, figures, pictures and flags, and what joins them. */
const WORDS =
  /[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d'-]+/gu;

/** Most words of a sentence that are looked at. */
const MAX_WORDS = 200;
/** Most sentences that are remembered. */
const MAX_MEMORIES = 50;
/** Most keywords that refer to one another. */
const MAX_LINKS = 20;

/** One conversation. */
export class Eliza {
  /** Whether the visitor has taken leave. */
  ended = false;
  readonly #script: ElizaScript;
  readonly #turns = new Map<ElizaRule, number>();
  readonly #memories: string[] = [];
  #noneTurn = 0;

  /**
   * Begins a conversation.
   * @param script The script.
   *
   * @example Talk
   * ```ts
   * import { DOCTOR, Eliza } from "@netwright/netwright/eliza";
   * const eliza = new Eliza(DOCTOR);
   * if (eliza.answer("Men are all alike.") !== "In what way?") throw new Error("not herself");
   * ```
   */
  constructor(script: ElizaScript) {
    this.#script = script;
  }

  /** Said before the first sentence. */
  get greeting(): string {
    return this.#script.greeting;
  }

  /**
   * Answers a sentence.
   * @param sentence The visitor's sentence.
   * @returns The answer; after it {@link ended} is true if the conversation is over.
   */
  answer(sentence: string): string {
    const { quit, farewell, none } = this.#script;
    if (quit.includes(sentence.toLowerCase().replace(/[^\p{L}\p{N}' ]+/gu, " ").trim())) {
      this.ended = true;
      return farewell;
    }
    const { words, keywords } = this.#read(sentence);
    this.#remember(words, keywords[0]);
    for (const keyword of keywords) {
      const said = this.#transform(keyword, words);
      if (said !== undefined) return said;
    }
    return this.#memories.shift() ?? none[this.#noneTurn++ % none.length]!;
  }

  /** Finds the first part of the sentence that has a keyword; later parts are let go. */
  #read(sentence: string): { words: string[]; keywords: ElizaKeyword[] } {
    for (const part of sentence.toLowerCase().split(/[.,;:!?()]+|(?:^|\s)but(?=\s)/)) {
      const words = (part.replaceAll("\u2019", "'").match(WORDS) ?? [])
        .slice(0, MAX_WORDS)
        .flatMap((word) => this.#script.before.get(word) ?? [word]);
      const keywords = [...new Set(words)].flatMap((word) => this.#script.keywords.get(word) ?? []);
      // The sort is stable: of equal ranks the first in the sentence wins.
      keywords.sort((a, b) => b.rank - a.rank);
      if (keywords.length > 0) return { words, keywords };
    }
    return { words: [], keywords: [] };
  }

  #remember(words: readonly string[], keyword: ElizaKeyword | undefined): void {
    const { word, rules } = this.#script.memory;
    if (keyword === undefined || keyword.word !== word) return;
    for (const rule of rules) {
      const parts = matchPattern(rule.match, words, this.#script);
      if (parts === undefined) continue;
      if (this.#memories.length < MAX_MEMORIES) {
        this.#memories.push(this.#reassemble(this.#next(rule), parts));
      }
      return;
    }
  }

  #transform(keyword: ElizaKeyword, words: readonly string[]): string | undefined {
    let current = keyword;
    for (let links = 0; links < MAX_LINKS; links++) {
      const found = this.#firstMatch(current, words);
      if (found === undefined) return undefined;
      const [rule, parts] = found;
      const answer = this.#next(rule);
      if (answer === "newkey") return undefined;
      const target = /^goto (\S+)$/.exec(answer)?.[1];
      if (target === undefined) return this.#reassemble(answer, parts);
      current = this.#script.keywords.get(target)!;
    }
    return undefined;
  }

  #firstMatch(
    { rules }: ElizaKeyword,
    words: readonly string[],
  ): [ElizaRule, readonly string[]] | undefined {
    for (const rule of rules) {
      const parts = matchPattern(rule.match, words, this.#script);
      if (parts !== undefined) return [rule, parts];
    }
    return undefined;
  }

  /** Answers take turns, so that none comes twice in a row. */
  #next(rule: ElizaRule): string {
    const turn = this.#turns.get(rule) ?? 0;
    this.#turns.set(rule, turn + 1);
    return rule.say[turn % rule.say.length]!;
  }

  #reassemble(answer: string, parts: readonly string[]): string {
    const { after } = this.#script;
    return answer.replace(/\s*\((\d+)\)/g, (whole, number) => {
      const part = parts[Number(number) - 1] ?? "";
      const turned = turn(part.split(" "), after);
      return turned === "" ? "" : (/^\s/.test(whole) ? " " : "") + turned;
    });
  }
}

/** Exchanges the persons; pairs of words come first: "i was" becomes "you were". */
function turn(words: readonly string[], after: ReadonlyMap<string, string>): string {
  const turned: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const both = after.get(`${words[at]} ${words[at + 1]}`);
    turned.push(both ?? after.get(words[at]!) ?? words[at]!);
    if (both !== undefined) at++;
  }
  return turned.join(" ");
}

/**
 * Matches words against a pattern; wildcards take as few words as they can, from the left.
 *
 * @param pattern Words, `*` and `@group`.
 * @param words The sentence.
 * @param script Knows the groups.
 * @returns What each part of the pattern stood for, or undefined if the sentence does not fit.
 */
export function matchPattern(
  pattern: readonly string[],
  words: readonly string[],
  { synonyms }: Pick<ElizaScript, "synonyms">,
): string[] | undefined {
  const parts: string[] = [];
  // Places from which the rest is known not to fit: without them many wildcards would take for ever.
  const hopeless = new Set<number>();
  const match = (at: number, from: number): boolean => {
    if (at === pattern.length) return from === words.length;
    const place = at * (words.length + 1) + from;
    if (hopeless.has(place)) return false;
    const part = pattern[at]!;
    if (part === "*") {
      for (let to = from; to <= words.length; to++) {
        parts[at] = words.slice(from, to).join(" ");
        if (match(at + 1, to)) return true;
      }
    } else if (from < words.length) {
      const word = words[from]!;
      const fits = part.startsWith("@")
        ? synonyms.get(part.slice(1))?.includes(word) === true
        : part === word;
      parts[at] = word;
      if (fits && match(at + 1, from + 1)) return true;
    }
    hopeless.add(place);
    return false;
  };
  return match(0, 0) ? parts : undefined;
}

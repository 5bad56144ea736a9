/**
 * Overviews: the facts about articles in lists (RFC 3977 §8).
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import { decodeWords, mailboxesOf, parseAddresses, parseMailDate } from "../../../mime/mod.ts";
import { isMessageId } from "./message_id.ts";
import { parseNumber } from "./numbers.ts";

/** The fields that every overview begins with (RFC 3977 §8.4). */
const USUAL_FIELDS = ["subject", "from", "date", "message-id", "references", ":bytes", ":lines"];

/** Number of these. */
const USUAL = USUAL_FIELDS.length;

/** The fields of a server's overviews, in their order. */
export class OverviewFormat {
  /** Places of fields that come without their names. */
  readonly #places: ReadonlyMap<string, number>;

  /**
   * Reads the list of LIST OVERVIEW.FMT.
   * @param lines Its lines; without any, only the usual fields are expected. Names of the first seven do not matter:
   *   RFC 3977 fixes them, and older servers write `Bytes:` for `:bytes`.
   */
  constructor(lines: readonly string[] = []) {
    const names = lines.slice(USUAL).map((line) => trimBlanks(line).toLowerCase());
    this.#places = new Map([
      ...USUAL_FIELDS.map((name, index) => [name, index + 1] as const),
      ...names.flatMap((name, index) =>
        name.endsWith(":full") ? [] : [[name.replace(/:$/, ""), USUAL + 1 + index] as const]
      ),
    ]);
  }

  /** The place of a field that comes without its name. */
  placeOf(name: string): number | undefined {
    return this.#places.get(name);
  }

  /**
   * Parses a line of the response to OVER.
   * @param line The line.
   * @returns The record; undefined if it does not begin with a number.
   */
  parse(line: string): OverviewRecord | undefined {
    const number = leadingNumber(line);
    return number === undefined ? undefined : new OverviewRecord(number, line, this);
  }
}

/** The number before the first tab: 15 digits at most are read the fast way. */
function leadingNumber(line: string): number | undefined {
  let [number, at] = [0, 0];
  for (; at < 15; at++) {
    const digit = line.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    number = number * 10 + digit;
  }
  if (at > 0 && (at === line.length || line.charCodeAt(at) === 9)) return number;
  const tab = line.indexOf("\t");
  return parseNumber(tab < 0 ? line : line.slice(0, tab));
}

/**
 * The facts about an article, as a server lists them.
 *
 * @example The author of an article in a list
 * ```ts
 * import { OverviewFormat } from "@netwright/netwright/nntp";
 * const line = "7\tRe: hi\tAnn <ann@a.example>\tFri, 19 Nov 1993 00:00:00 GMT\t<2@a>\t<1@a>\t1234\t17";
 * const record = new OverviewFormat().parse(line);
 * if (record?.references[0] !== "<1@a>" || record.lines !== 17) throw new Error();
 * ```
 */
export class OverviewRecord {
  /** Number of the article in its group; 0 if it was requested by its identifier. */
  readonly number: number;
  readonly #line: string;
  readonly #format: OverviewFormat;

  /**
   * Takes the fields of a line; {@link OverviewFormat.parse} does.
   * @param number The number of the article.
   * @param line All fields; the number is the first one.
   * @param format The names of the fields behind the usual ones.
   */
  constructor(number: number, line: string, format: OverviewFormat) {
    this.number = number;
    this.#line = line;
    this.#format = format;
  }

  /** A field by its place; of most records in a long list few are looked at, so that lines are not split. */
  #at(place: number): string | undefined {
    let start = 0;
    for (let left = place; left > 0; left--) {
      start = this.#line.indexOf("\t", start) + 1;
      if (start === 0) return undefined;
    }
    const end = this.#line.indexOf("\t", start);
    return this.#line.slice(start, end < 0 ? undefined : end);
  }

  /** The subject, encoded words decoded. */
  get subject(): string {
    return decodeWords(this.#at(1) ?? "");
  }

  /** The author as the article has it: an address, perhaps with encoded words. */
  get from(): string {
    return this.#at(2) ?? "";
  }

  /** The author to be shown: name and address, encoded words decoded. */
  get author(): string {
    return mailboxesOf(parseAddresses(this.from).addresses)
      .map(({ name, address }) => name ? `${name} <${address}>` : address).join(", ");
  }

  /** The date as the article has it. */
  get dateText(): string {
    return this.#at(3) ?? "";
  }

  /** The date; undefined if it is malformed. */
  get date(): Date | undefined {
    return parseMailDate(this.dateText)?.date;
  }

  /** The identifier, with its brackets; empty if the server does not say. */
  get messageId(): string {
    return this.#at(4) ?? "";
  }

  /** Identifiers of the articles that it follows up, the first of the thread first. Those that are malformed are left out. */
  get references(): readonly string[] {
    return (this.#at(5)?.match(/<[^<> \t]+>/g) ?? []).filter(isMessageId);
  }

  /** Size in bytes; undefined if the server does not say. */
  get bytes(): number | undefined {
    return parseNumber(this.#at(6));
  }

  /** Number of lines of the body; undefined if the server does not say. */
  get lines(): number | undefined {
    return parseNumber(this.#at(7));
  }

  /**
   * Finds another field that the server lists.
   * @param name Its name.
   * @returns Its text, undecoded; undefined if it is not in the list, or the article has none.
   */
  field(name: string): string | undefined {
    const wanted = name.toLowerCase();
    const place = this.#format.placeOf(wanted);
    if (place !== undefined) return this.#at(place);
    // Fields with names are found by these, in any place.
    for (const text of this.#line.split("\t").slice(USUAL + 1)) {
      const colon = text.indexOf(":");
      if (text.slice(0, colon).toLowerCase() === wanted) return trimBlanks(text.slice(colon + 1));
    }
    return undefined;
  }

  /** The groups in which it is, with its numbers there; empty if the server does not list `Xref`. */
  get places(): ReadonlyMap<string, number> {
    return parseXref(this.field("xref") ?? "");
  }
}

/**
 * Parses the field `Xref` (RFC 5536 §3.2.14).
 *
 * @param text Its value: a server's name, then `group:number` of each group.
 * @returns The number in each group; malformed words are left out.
 */
export function parseXref(text: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const word of text.split(/[ \t]+/).slice(1)) {
    const colon = word.lastIndexOf(":");
    const number = parseNumber(word.slice(colon + 1));
    if (colon > 0 && number !== undefined) places.set(word.slice(0, colon), number);
  }
  return places;
}

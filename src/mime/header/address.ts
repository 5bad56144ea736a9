/**
 * Address lists: mailboxes and groups (RFC 5322 §3.4 and §4.4, RFC 6532, RFC 6854).
 *
 * @module
 */

import { escapeControls, ProtocolError } from "../../net/mod.ts";
import { FieldScanner } from "./_field_scanner.ts";
import { decodeWords } from "./encoded_word.ts";

/** One mailbox. */
export interface Mailbox {
  /** The name to show, decoded; undefined if there is none. */
  readonly name?: string | undefined;
  /** The address for an envelope: the local part, in quotes where it needs them, and the domain. Empty if there is none. */
  readonly address: string;
}

/** Mailboxes under one name, such as `undisclosed-recipients:;`. */
export interface AddressGroup {
  /** The group's name, decoded. */
  readonly group: string;
  /** Its members, perhaps none. */
  readonly members: readonly Mailbox[];
}

/** The content of From, To, Cc and the like. */
export type MailAddress = Mailbox | AddressGroup;

/** How {@link parseAddresses} reads. */
export interface AddressOptions {
  /** Whether all that another reader could understand otherwise is refused. @default {false} */
  readonly strict?: boolean;
  /** Most addresses. @default {100_000} */
  readonly maxAddresses?: number;
}

/** The content of a list. */
export interface AddressList {
  /** The addresses in order. */
  readonly addresses: readonly MailAddress[];
  /** Ambiguities that another reader might resolve differently, in a few words each. */
  readonly defects: readonly string[];
}

/** Maximum number of reported defects. */
const MAX_DEFECTS = 20;
/** What ends a word. */
const SPECIALS = ' \t\r\n()<>[]:;@\\,"';
/** A local part that needs no quotes (RFC 5322 §3.2.3, RFC 6532). */
const DOT_ATOM =
  /^[\w!#$%&'*+/=?^`{|}~\x80-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\x80-\u{10ffff}-]+)*$/u;
/** An encoded word that holds what would end a word. */
const ENCODED = /=\?[^?\s@<>]{1,64}\?[bq]\?[^?\s@<>]*\?=/iy;

/**
 * Reads an address list, with names in comments, routes, lost brackets and empty places, as mail has them.
 *
 * Names are decoded after the list was taken apart: an encoded word can make no address.
 *
 * @param text The field's value, unfolded.
 * @param options Whether ambiguities are rejected.
 * @returns The addresses, and the defects.
 * @throws {ProtocolError} If it is strict and something is odd.
 *
 * @example A name, a group, and an address that looks like another
 * ```ts
 * import { mailboxesOf, parseAddresses } from "@netwright/netwright/mime";
 * const { addresses } = parseAddresses('Ann <ann@example.org>, List: bob@example.org;, "eve@evil.example x"@example.org');
 * const found = mailboxesOf(addresses).map(({ address }) => address).join(" ");
 * if (found !== 'ann@example.org bob@example.org "eve@evil.example x"@example.org') throw new Error(found);
 * ```
 */
export function parseAddresses(text: string, options: AddressOptions = {}): AddressList {
  const { strict = false, maxAddresses = 100_000 } = options;
  const reader = new ListReader(text, maxAddresses);
  const addresses = reader.list(false);
  const defect = reader.defects[0];
  if (strict && defect !== undefined) {
    throw new ProtocolError(`${defect}: "${escapeControls(text, { maxLength: 200 })}"`, {
      operation: "read an address",
    });
  }
  return { addresses, defects: reader.defects };
}

/**
 * Parses exactly one address, as in an envelope or on a command line.
 *
 * @param text `ann@example.org` or `Ann <ann@example.org>`.
 * @returns The mailbox.
 * @throws {ProtocolError} If it is none, more than one, or could be understood otherwise.
 */
export function parseMailbox(text: string): Mailbox {
  const { addresses } = parseAddresses(text, { strict: true });
  const [only] = addresses;
  if (addresses.length === 1 && only !== undefined && !("group" in only)) return only;
  throw new ProtocolError(`not one address: "${escapeControls(text, { maxLength: 200 })}"`, {
    operation: "read an address",
  });
}

/**
 * Gives all mailboxes of a list, those of groups too.
 *
 * @param addresses A list.
 * @returns The mailboxes in order.
 */
export function mailboxesOf(addresses: readonly MailAddress[]): Mailbox[] {
  return addresses.flatMap((address) => "group" in address ? address.members : [address]);
}

/** One word of a phrase or an address without brackets. */
interface Word {
  readonly text: string;
  readonly quoted: boolean;
  /** Whether white space precedes it. */
  readonly apart: boolean;
}

class ListReader {
  readonly defects: string[] = [];
  readonly #scanner: FieldScanner;
  #left: number;

  constructor(text: string, maxAddresses: number) {
    this.#scanner = new FieldScanner(text);
    this.#left = maxAddresses;
  }

  list(inGroup: true): Mailbox[];
  list(inGroup: false): MailAddress[];
  list(inGroup: boolean): MailAddress[] {
    const scanner = this.#scanner;
    const addresses: MailAddress[] = [];
    while (true) {
      scanner.skipBlank();
      if (scanner.atEnd) {
        if (inGroup) this.#note("a group without its end");
        return addresses;
      }
      if (scanner.take(",")) continue;
      if (scanner.take(";")) {
        if (inGroup) return addresses;
        this.#note("a semicolon between addresses");
        continue;
      }
      if (this.#left-- <= 0) {
        this.#note("too many addresses");
        scanner.at = scanner.text.length;
        return addresses;
      }
      const address = this.#address(inGroup);
      if (address !== undefined) addresses.push(address);
    }
  }

  #address(inGroup: boolean): MailAddress | undefined {
    const scanner = this.#scanner;
    const words: Word[] = [];
    let angle: string | undefined;
    /** Where the text after the address begins. */
    let after: number | undefined;
    let hasAt = false;
    scanner.comment = undefined;
    while (!scanner.atEnd) {
      const apart = scanner.skipBlank();
      const next = scanner.next;
      if (next === "" || next === "," || next === ";") break;
      if (next === "<") {
        if (angle !== undefined) {
          // Each keeps its own name.
          this.#note("two addresses without a comma between");
          scanner.at = after ?? scanner.at;
          break;
        }
        angle = this.#angle();
      } else if (next === ":" && angle === undefined && !hasAt) {
        scanner.at++;
        if (inGroup) this.#note("a group within a group");
        else return { group: shown(phraseOf(words)), members: this.list(true) };
      } else {
        const last = words.at(-1)?.text;
        if (hasAt && apart && last !== "@" && next !== "." && this.#isAddressAhead()) {
          this.#note("two addresses without a comma between");
          break;
        }
        hasAt ||= next === "@";
        if (angle !== undefined) after ??= scanner.at;
        const word = this.#word(apart);
        if (angle !== undefined) this.#note("text after an address");
        else if (word !== undefined) words.push(word);
      }
    }
    if (angle === undefined) return this.#bare(words);
    if (after !== undefined && scanner.text.slice(after, scanner.at).includes("@")) {
      this.#note("two addresses without a comma between");
      scanner.at = after;
    }
    return mailbox(phraseOf(words) || scanner.comment, angle);
  }

  /** Whether an address without brackets begins here; words before brackets are a name. */
  #isAddressAhead(): boolean {
    const { text, at } = this.#scanner;
    return /^[^,;<"()]{1,64}@/.test(text.slice(at, at + 65));
  }

  #word(apart: boolean): Word | undefined {
    const scanner = this.#scanner;
    const quoted = scanner.quotedString();
    if (quoted !== undefined) return { text: quoted, quoted: true, apart };
    const literal = scanner.domainLiteral();
    if (literal !== undefined) return { text: literal, quoted: false, apart };
    ENCODED.lastIndex = scanner.at;
    const encoded = ENCODED.exec(scanner.text)?.[0];
    if (encoded !== undefined) {
      scanner.at += encoded.length;
      return { text: encoded, quoted: false, apart };
    }
    if (scanner.take("@")) return { text: "@", quoted: false, apart };
    const text = scanner.until(SPECIALS);
    if (text !== "") return { text, quoted: false, apart };
    this.#note(`${JSON.stringify(scanner.next)} where it is not allowed`);
    scanner.at++;
    return undefined;
  }

  /** The text between `<` and `>`. */
  #angle(): string {
    const scanner = this.#scanner;
    scanner.at++;
    let words: Word[] = [];
    while (true) {
      const apart = scanner.skipBlank();
      if (scanner.atEnd) {
        this.#note("an address without its end");
        break;
      }
      if (scanner.take(">")) break;
      // A route (RFC 5322 §4.4) was for machines that no longer are.
      if (scanner.take(":")) {
        if (words[0]?.text !== "@") this.#note("a colon in an address");
        words = [];
      } else if (scanner.take(",")) {
        if (words[0]?.text !== "@" && words.length > 0) this.#note("a comma in an address");
      } else {
        const word = this.#word(apart);
        if (word !== undefined) words.push(word);
      }
    }
    return this.#addrSpec(words);
  }

  /** An address without brackets, perhaps with its name in a comment. */
  #bare(words: readonly Word[]): MailAddress | undefined {
    if (words.length === 0) return undefined;
    const at = words.findLastIndex(({ text, quoted }) => text === "@" && !quoted);
    if (at >= 0) {
      // Words far from the address are a name that lost the brackets around its address.
      let first = at;
      while (first > 0 && (first === at || !words[first]!.apart || isDot(words, first))) first--;
      if (first > 0) this.#note("text before an address");
      const name = phraseOf(words.slice(0, first)) || this.#scanner.comment;
      return mailbox(name, this.#addrSpec(words.slice(first)));
    }
    if (words.slice(1).every(({ apart }) => !apart)) {
      return mailbox(this.#scanner.comment, this.#addrSpec(words));
    }
    this.#note("a name without an address");
    return mailbox(phraseOf(words), "");
  }

  /** Puts an address together: `local@domain`. */
  #addrSpec(words: readonly Word[]): string {
    const at = words.findLastIndex(({ text, quoted }) => text === "@" && !quoted);
    const localWords = at < 0 ? words : words.slice(0, at);
    const domainWords = at < 0 ? [] : words.slice(at + 1);
    const local = localWords.map(({ text }) => text).join("");
    if (localWords.some(({ text, quoted }) => text === "@" && !quoted)) {
      this.#note("more than one @ in an address");
    }
    const isApart = ({ text, apart }: Word, index: number, all: readonly Word[]) =>
      apart && index > 0 && !text.startsWith(".") && !all[index - 1]!.text.endsWith(".");
    const end = domainWords.findIndex(isApart);
    if (localWords.some(isApart) || end >= 0) this.#note("white space in an address");
    // The joined words would be a different domain.
    const domain = (end < 0 ? domainWords : domainWords.slice(0, end))
      .map(({ text }) => text).join("");
    if (at >= 0 && local === "" && localWords.length === 0) {
      this.#note("an address without a local part");
    }
    if (at >= 0 && !GOOD_DOMAIN.test(domain)) this.#note("an address without a good domain");
    if (/[\r\n\0]/.test(local) || /[\r\n\0]/.test(domain)) this.#note("a line break in an address");
    return formatAddress(local, at < 0 ? undefined : domain);
  }

  #note(defect: string): void {
    if (this.defects.length < MAX_DEFECTS && !this.defects.includes(defect)) {
      this.defects.push(defect);
    }
  }
}

const GOOD_DOMAIN =
  /^(?:\[[\x21-\x5a\x5e-\x7e]+\]|[^\s()<>[\]:;@\\,".]+(?:\.[^\s()<>[\]:;@\\,".]+)*)$/;

function isDot(words: readonly Word[], at: number): boolean {
  return words[at]!.text.startsWith(".") || words[at - 1]!.text.endsWith(".");
}

function formatAddress(local: string, domain: string | undefined): string {
  const clean = local.replace(/[\r\n\0]+/g, " ");
  const needsQuotes = !DOT_ATOM.test(clean) && (clean !== "" || domain !== undefined);
  const part = needsQuotes ? `"${clean.replace(/["\\]/g, "\\$&")}"` : clean;
  return domain === undefined ? part : `${part}@${domain.replace(/[\r\n\0]+/g, "")}`;
}

function mailbox(name: string | undefined, address: string): Mailbox {
  return name === undefined || name === "" ? { address } : { name: shown(name), address };
}

function shown(phrase: string): string {
  return decodeWords(phrase).replace(/[\r\n\0]+/g, " ");
}

function phraseOf(words: readonly Word[]): string {
  return words.map(({ text, apart }, index) => (apart && index > 0 ? " " : "") + text).join("")
    .trim();
}

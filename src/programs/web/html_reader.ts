/**
 * HTML as a row of tags and texts.
 *
 * @module
 */

import { delay } from "../../net/internal.ts";

/** Takes tags and texts as they come. */
export interface HtmlHandler {
  /** A tag begins an element. */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  /** A tag ends an element. */
  close(name: string): void;
  /** A text, or a part of one. */
  text(text: string): void;
}

/** Most attributes of a tag that are kept. */
const MAX_ATTRIBUTES = 1000;
/** Characters that are read at once. */
const PIECE = 512 * 1024;

/**
 * Reads HTML, tag by tag. No tree is made of it: a million elements one inside the other take no longer than a million one
 * after the other.
 *
 * @param html The text.
 * @param handler Takes what comes.
 * @param isXml Whether it is XML; names are given in lower case all the same.
 */
export async function readHtml(
  html: string,
  handler: HtmlHandler,
  isXml: boolean = false,
): Promise<void> {
  const { Tokenizer } = await import("htmlparser2");
  let name = "";
  let attributes: Record<string, string> = Object.create(null);
  let count = 0;
  let attribute = "";
  let value = "";
  let wasText = "";
  const open = (): void => {
    handler.open(name, attributes);
    attributes = Object.create(null);
    count = 0;
  };
  const flush = (): void => {
    if (wasText !== "") handler.text(wasText);
    wasText = "";
  };
  const tokenizer = new Tokenizer({
    decodeEntities: true,
    recognizeSelfClosing: true,
    xmlMode: isXml,
  }, {
    onopentagname(start, end) {
      flush();
      name = html.slice(start, end).toLowerCase();
    },
    onattribname(start, end) {
      attribute = html.slice(start, end).toLowerCase();
      value = "";
    },
    onattribdata: (start, end) => value += html.slice(start, end),
    onattribentity: (code) => value += String.fromCodePoint(code),
    onattribend() {
      // Of an attribute that is repeated the first one counts.
      if (!(attribute in attributes) && count++ < MAX_ATTRIBUTES) attributes[attribute] = value;
    },
    onopentagend: open,
    onselfclosingtag() {
      open();
      handler.close(name);
    },
    onclosetag(start, end) {
      flush();
      handler.close(html.slice(start, end).toLowerCase());
    },
    ontext: (start, end) => wasText += html.slice(start, end),
    ontextentity: (code) => wasText += String.fromCodePoint(code),
    oncdata: (start, end, offset) => wasText += isXml ? html.slice(start, end - offset) : "",
    oncomment: () => {},
    ondeclaration: () => {},
    onprocessinginstruction: () => {},
    onend: flush,
  });
  // Other tasks run while a large page is read.
  for (let at = 0; at < html.length; at += PIECE) {
    if (at > 0) await delay(0);
    tokenizer.write(html.slice(at, at + PIECE));
  }
  tokenizer.end();
}

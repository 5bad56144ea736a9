/**
 * What must hold of each reader of `src/mime` for any input, cut anywhere.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { LimitError } from "../../src/net/mod.ts";
import {
  decodeWords,
  Header,
  mailboxesOf,
  parseAddresses,
  parseFlowed,
  parseMailDate,
  parseMessage,
  parseParameters,
} from "../../src/mime/mod.ts";
import { cutAt, latin1 } from "../support/bytes.ts";
import { outline, streamed } from "../support/entities.ts";
import type { Property } from "./properties.ts";

const LIMITS = { maxDepth: 20, maxParts: 100, maxHeaderBytes: 2000 };

/** The properties. */
export const MIME_PROPERTIES: readonly Property[] = [
  {
    name: "mime-message",
    words: [
      "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n",
      "Content-Type: multipart/digest; boundary=ab\n\n--ab\n",
      "Content-Type: message/rfc822\r\n",
      "Content-Transfer-Encoding: base64\r\n",
      "Content-Transfer-Encoding: quoted-printable\n",
      "Content-Type: text/plain; charset=utf-8\r\n",
      "\r\n",
      "\n",
      "\r",
      "\r\n\r\n",
      "--a",
      "--ab",
      "--a--",
      "\r\n--a\r\n",
      "--",
      "=",
      "=C3",
      "aGk=",
      "From x\n",
      " ",
      "X: y\r\n",
    ],
    async check(input, cuts) {
      try {
        assertEquals(outline(await streamed(cutAt(input, cuts))), outline(parseMessage(input)));
        parseMessage(input, LIMITS);
      } catch (error) {
        if (!(error instanceof LimitError)) throw error;
      }
    },
  },
  {
    name: "mime-fields",
    words: [
      "a",
      "@",
      "<",
      ">",
      ",",
      ";",
      ":",
      "(",
      ")",
      '"',
      "\\",
      ".",
      "[",
      "]",
      " ",
      "\r\n ",
      "=?utf-8?q?",
      "?=",
      "=?x?b?",
      "=C3",
      "name*0*=",
      "utf-8''",
      "%C3",
      "=",
      "boundary",
      "Nov",
      "21",
      "1997",
      "09:55",
      "-0600",
      "\xfc",
      "\0",
    ],
    check(input) {
      const text = latin1(input);
      decodeWords(text);
      parseParameters(text);
      parseMailDate(text);
      parseFlowed(text);
      const { addresses, defects } = parseAddresses(text);
      // Text that is read without a remark can be written, and is read as the same.
      if (defects.length === 0) {
        for (const { address } of mailboxesOf(addresses)) {
          assertEquals(mailboxesOf(parseAddresses(address).addresses)[0]?.address ?? "", address);
        }
      }
      for (const { value } of Header.parse(input).fields) {
        assertEquals(/\n(?![ \t])/.test(value), false);
      }
    },
  },
];

/** Charsets by all the labels that Python knows: what mail may have is read as Python reads it. */

import { assertEquals } from "@std/assert";
import { decodeCharset } from "../../src/mime/mod.ts";
import { needs } from "./peers/needs.ts";
import { run } from "./peers/program.ts";

const ignore = !await needs("python3");

/** Every label with texts: each byte from 128 on, and words that its charset has. */
const PYTHON = `
import codecs, json
from encodings.aliases import aliases
words = ['Grüße', 'žluťoučký kůň', 'Съешь', 'καλημέρα', 'שלום', 'مرحبا', '会議資料', '한국어', '中文', 'ﾊﾝｶｸ']
out = {}
for label in sorted(set(aliases) | set(aliases.values())):
    try:
        if not codecs.lookup(label)._is_text_encoding: continue
    except LookupError: continue
    texts = []
    for word in words:
        try: texts.append([word.encode(label).hex(), word])
        except UnicodeEncodeError: pass
    try: single = len(bytes(range(128, 256)).decode(label, 'replace')) == 128 and not any(bytes([b, 0x41]).decode(label, 'replace')[:1] != bytes([b]).decode(label, 'replace') for b in range(128, 256))
    except Exception: single = False
    if single:
        for byte in range(128, 256):
            try: texts.append([bytes([byte]).hex(), bytes([byte]).decode(label)])
            except UnicodeDecodeError: pass
    out[label] = texts
print(json.dumps(out))
`;

/** Labels whose charsets we do not read: EBCDIC, which no mail is in; Johab; and what exists in Python only. */
const UNREAD =
  /^(?:cp|ibm|csibm|ebcdic_?cp_?)?(?:037|039|273|424|500|1026|1140|037_.*|us|ca|wt|nl|he|be|ch)$|^(?:037|273|424|500|1026|1140)|johab|cp1361|ms1361|idna|punycode|escape|mbcs|ansi|dbcs|oem|undefined|charmap/;

/** JIS X 0213 of 2000, whose European letters the Encoding standard's decoders do not have. */
const X0213 = /0213|2004|jp_?3/;
/** C1 controls, which the Encoding standard reads as Windows does. */
// deno-lint-ignore no-control-regex -- just these are meant
const CONTROLS = /[\x80-\x9f]/;

Deno.test({
  name: "charsets of all labels of Python",
  ignore,
  async fn() {
    const python: Record<string, [hex: string, text: string][]> = JSON.parse(
      await run("python3", ["-c", PYTHON]),
    );
    const unread: string[] = [];
    const differing: string[] = [];
    let labels = 0;
    for (const [label, texts] of Object.entries(python)) {
      if (UNREAD.test(label)) continue;
      labels++;
      for (const [hex, text] of texts) {
        if (X0213.test(label) && /[\u00c0-\u017f]/.test(text)) continue;
        const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
        const ours = decodeCharset(bytes, label);
        // Of these only a part is known, which is reported.
        if (ours.asNamed === X0213.test(label)) {
          unread.push(label);
          break;
        }
        if (ours.text !== text && !CONTROLS.test(text)) {
          differing.push(`${label} ${hex}: ${JSON.stringify(text)} ${JSON.stringify(ours.text)}`);
        }
      }
    }
    assertEquals([unread, differing, labels > 300], [[], [], true], `${labels} labels`);
  },
});

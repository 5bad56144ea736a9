/**
 * A row of the tour.
 *
 * @module
 */

import { composeMessage, parseMessage, partBytes } from "../../../../mime/mod.ts";
import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 7.3. */
export const row: TourRow = {
  id: "7.3",
  program: "mime tree",
  checked: "a letter with HTML, an image and a file: built, shown as a tree, read back unchanged",
  async run(tour) {
    const file = crypto.getRandomValues(new Uint8Array(1000));
    const letter = partBytes(composeMessage({
      from: [{ name: "Ann Müller", address: "ann@example.org" }],
      to: [{ address: "bob@example.org" }],
      subject: "Grüße",
      text: "Grüße\n",
      html: '<p>Grüße <img src="cid:i">',
      attachments: [
        { name: "i.png", type: "image/png", content: file, contentId: "i" },
        { name: "übung.pdf", type: "application/pdf", content: file },
      ],
    }));
    const text = new TextDecoder().decode(letter);
    const tree = await tour.command(["mime", "tree", "--json"], text);
    expectOutput(tree, /"subject":"Grüße".*"name":"i\.png","size":1000.*"name":"übung\.pdf"/s);
    const [body, attached] = parseMessage(letter).parts;
    expect(body?.type === "multipart/alternative", "another shape");
    expect(attached?.content.join() === file.join(), "the file is another");
  },
};

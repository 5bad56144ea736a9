/** A message is built, and taken apart again. */

import { composeMessage, parseMessage, partBytes, readableParts } from "@netwright/netwright/mime";

const bytes = partBytes(composeMessage({
  from: [{ name: "Ännchen", address: "ann@example.org" }],
  to: [{ address: "bob@example.org" }],
  subject: "Fotos aus Köln",
  text: "Hier sind sie.\n",
  html: "<p>Hier sind <b>sie</b>.</p>",
  attachments: [{
    name: "Dom, abends.png",
    type: "image/png",
    content: Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
  }],
}));

const message = parseMessage(bytes);
const { text, files } = readableParts(message);
if (message.header.text("subject") !== "Fotos aus Köln") throw new Error("another subject");
if (text?.text !== "Hier sind sie.\r\n") throw new Error("another text");
const [photo] = files;
if (photo?.header.fileName !== "Dom, abends.png") throw new Error("another name");
if (photo.content.join() !== "137,80,78,71") throw new Error("another photo");
console.log("ok");

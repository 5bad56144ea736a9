/** The mail of a program, seen by a test: nodemailer sends, `catchMail()` receives. */

import { catchMail } from "@netwright/netwright/testing";
import { createTransport } from "nodemailer";

await using server = catchMail();
const { hostname: host, port } = server.endpoint;
const transport = createTransport({ host, port, ignoreTLS: true });
await transport.sendMail({
  from: "shop@example.org",
  to: "ann@example.org",
  subject: "Your order – № 7",
  text: "It is on its way.",
  attachments: [{ filename: "invoice.txt", content: "7 apples" }],
});

const [mail] = await server.wait(1);
const { header, parts } = mail!.message;
const [text, invoice] = parts;
if (header.text("subject") !== "Your order – № 7") throw new Error("another subject");
if (mail!.to.join() !== "ann@example.org") throw new Error("another recipient");
if (text!.text.trim() !== "It is on its way.") throw new Error("another text");
if (invoice!.header.fileName !== "invoice.txt") throw new Error("no invoice");
console.log("ok");

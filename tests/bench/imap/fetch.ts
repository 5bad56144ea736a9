/**
 * Reads the messages of a mailbox by one of two clients, and prints how many it read a second.
 *
 * @module
 */

import { ImapFlow } from "imapflow";
import { ImapClient } from "../../../src/protocols/imap/mod.ts";
import { Secret } from "../../../src/protocols/wire/mod.ts";

const [client, kind, portText, countText] = Deno.args;
const [port, count] = [Number(portText), Number(countText)];
const [user, pass] = ["test", "secret"];

async function ours(): Promise<number> {
  await using client = await ImapClient.connect(`127.0.0.1:${port}`, {
    credentials: { user, password: new Secret(pass) },
    tls: "none",
    mechanism: "LOGIN-COMMAND",
  });
  const inbox = await client.open("INBOX", { readOnly: true });
  const uids = (await inbox.search()).slice(0, count);
  let read = 0;
  if (kind === "headers") {
    for await (const { envelope, flags } of inbox.fetch(uids, { envelope: true, flags: true })) {
      if (envelope?.subject !== "" && flags !== undefined) read++;
    }
  } else {
    for await (const { text } of inbox.texts(uids)) {
      for await (const piece of text) if (piece.length > 4000) read++;
    }
  }
  await client.logout();
  return read;
}

async function imapflow(): Promise<number> {
  const client = new ImapFlow({
    host: "127.0.0.1",
    port,
    secure: false,
    doSTARTTLS: false,
    disableCompression: true,
    auth: { user, pass, loginMethod: "LOGIN" },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen("INBOX", { readOnly: true });
  let read = 0;
  const range = `1:${count}`;
  if (kind === "headers") {
    for await (const message of client.fetch(range, { envelope: true, flags: true, uid: true })) {
      if (message.envelope?.subject !== "" && message.flags !== undefined) read++;
    }
  } else {
    for await (const { source } of client.fetch(range, { source: true, flags: true, uid: true })) {
      if (source !== undefined && source.length > 4000) read++;
    }
  }
  await client.logout();
  return read;
}

const begin = performance.now();
const read = await (client === "ours" ? ours() : imapflow());
if (read !== count) throw new Error(`${read} messages of ${count}`);
console.log(count / (performance.now() - begin) * 1000);

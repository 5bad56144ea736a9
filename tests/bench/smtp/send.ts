/**
 * Sends messages by one of several clients, and prints how many it sent a second.
 *
 * @module
 */

import { createTransport } from "nodemailer";
import { composeMessage, type MessageDraft, partBytes } from "../../../src/mime/mod.ts";
import { SmtpPool } from "../../../src/protocols/smtp/mod.ts";

const CONNECTIONS = 4;
const WAITING = 32;
const FROM = "ann@example.org";
const TO = "bob@example.org";
const [client, kind, portText, countText] = Deno.args;
const [port, count] = [Number(portText), Number(countText)];
const TEXT = "Some words of a letter, of which there are several lines.\n".repeat(30);

function draft(number: number): MessageDraft {
  return {
    from: [{ name: "Ann Müller", address: FROM }],
    to: [{ address: TO }],
    subject: `Grüße, die ${number}.`,
    text: TEXT,
  };
}

const ready = partBytes(composeMessage(draft(0)));

/** Sends as senders with many letters do: a few wait, and the others are not written yet. */
async function mapConcurrent(send: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: WAITING }, async () => {
    while (next < count) await send(next++);
  }));
}

async function ours(): Promise<void> {
  const endpoint = { transport: "tcp", hostname: "127.0.0.1", port } as const;
  await using pool = new SmtpPool(endpoint, {
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
    name: "localhost",
  });
  const envelope = { from: FROM, to: [TO] };
  await mapConcurrent(async (number) => {
    const message = kind === "ready" ? ready : partBytes(composeMessage(draft(number)));
    await pool.send({ envelope, message });
  });
}

async function nodemailer(): Promise<void> {
  const transport = createTransport({
    host: "127.0.0.1",
    port,
    ignoreTLS: true,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
  });
  const envelope = { from: FROM, to: [TO] };
  const raw = new TextDecoder().decode(ready);
  await mapConcurrent(async (number) => {
    await transport.sendMail(
      kind === "ready" ? { envelope, raw } : {
        from: { name: "Ann Müller", address: FROM },
        to: TO,
        subject: `Grüße, die ${number}.`,
        text: TEXT,
      },
    );
  });
  transport.close();
}

const begin = performance.now();
await (client === "ours" ? ours() : nodemailer());
console.log(count / (performance.now() - begin) * 1000);

import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { splitMbox } from "../../../src/mime/mod.ts";
import { NetwrightError } from "../../../src/net/mod.ts";
import {
  FetchJournal,
  FolderDelivery,
  type MailDelivery,
  MaildirDelivery,
  MboxDelivery,
} from "../../../src/stores/internal.ts";
import { join, latin1 } from "../../support/bytes.ts";
import { inFolder } from "../../support/trees.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

async function* pieces(text: string, size = 3): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  const bytes = bytesOf(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield* pieces("half of");
  throw new TypeError("gone");
}

const KEYS = ["ann@mail.example:110 1.1", "ann@mail.example:110 1.2", "ann@mail.example:110 ../x"];
const [ONE, TWO, ODD] = KEYS as [string, string, string];

const KINDS: Record<string, (path: string) => Promise<MailDelivery>> = {
  MaildirDelivery: (path) => MaildirDelivery.open(`${path}/mail`, KEYS),
  FolderDelivery: (path) => FolderDelivery.open(`${path}/mail`, KEYS),
  MboxDelivery: (path) => MboxDelivery.open(`${path}/mail`),
};

async function mbox(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { text } of splitMbox([await Deno.readFile(path)])) {
    const all: Uint8Array[] = [];
    for await (const piece of text) all.push(piece.slice());
    found.push(latin1(join(all)));
  }
  return found;
}

/** All messages that are there. */
async function messages(path: string): Promise<string[]> {
  const found: string[] = [];
  const { isFile } = await Deno.stat(`${path}/mail`);
  if (isFile) return (await mbox(`${path}/mail`)).sort();
  for (const part of ["", "/new", "/cur"]) {
    try {
      for (const { name, isFile } of Deno.readDirSync(`${path}/mail${part}`)) {
        if (isFile) found.push(latin1(await Deno.readFile(`${path}/mail${part}/${name}`)));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return found.map((text) => text.replaceAll("\r\n", "\n")).sort();
}

for (const [name, open] of Object.entries(KINDS)) {
  Deno.test(`${name} delivers whole messages, each once`, () =>
    inFolder(async (path) => {
      const delivery = await open(path);
      assertEquals(delivery.has(ONE), false);
      await delivery.deliver(ONE, pieces("Subject: 1\r\n\r\nFrom here\r\n>From \r\n"));
      await assertRejects(() => delivery.deliver(TWO, broken()), TypeError);
      await delivery.deliver(ODD, pieces("Subject: odd\r\n\r\n"));
      await delivery.sync();
      assertEquals([ONE, TWO, ODD].map((key) => delivery.has(key)), [true, false, true]);
      delivery.close();
      const again = await open(path);
      if (name !== "MboxDelivery") {
        assertEquals([ONE, TWO].map((key) => again.has(key)), [true, false]);
      }
      assertEquals(await messages(path), [
        "Subject: 1\n\nFrom here\n>From \n",
        "Subject: odd\n\n",
      ]);
      again.close();
    }));
}

Deno.test("MaildirDelivery finds a message that was read or flagged, and names its sizes", () =>
  inFolder(async (path) => {
    const delivery = await KINDS.MaildirDelivery!(path);
    const delivered = await delivery.deliver(ONE, pieces("a: b\r\n\r\nx\r\n"));
    const file = delivered.path.slice(delivered.path.lastIndexOf("/") + 1);
    assertEquals(/,S=8,W=11$/.test(file), true, file);
    await Deno.rename(delivered.path, `${path}/mail/cur/${file}:2,RS`);
    await Deno.writeTextFile(`${path}/mail/tmp/1.N${"0".repeat(32)}.part`, "left over");
    assertEquals((await KINDS.MaildirDelivery!(path)).has(ONE), true);
    assertEquals([...Deno.readDirSync(`${path}/mail/tmp`)], []);
  }));

Deno.test("MboxDelivery finishes what a killed run began, whenever it was killed", () =>
  inFolder(async (path) => {
    const file = `${path}/mail`;
    const first = await KINDS.MboxDelivery!(path);
    await first.deliver(ONE, pieces("Subject: 1\r\n\r\none\r\n"));
    await first.recorded(ONE);
    const before = await Deno.readFile(file);
    await first.deliver(TWO, pieces("Subject: 2\r\n\r\ntwo\r\n"));
    const whole = await Deno.readFile(file);
    const beside = ["netwright-next", "netwright-part"].map((name) => `${file}.${name}`);
    const left = await Promise.all(beside.map((name) => Deno.readFile(name)));
    const crash = async (content: Uint8Array) => {
      await Deno.writeFile(file, content);
      for (const [at, name] of beside.entries()) await Deno.writeFile(name, left[at]!);
      await Deno.writeTextFile(`${file}.lock`, "netwright\n");
      return await KINDS.MboxDelivery!(path);
    };
    for (let size = before.length; size <= whole.length; size++) {
      const again = await crash(whole.subarray(0, size));
      assertEquals(again.has(TWO), size === whole.length);
      if (!again.has(TWO)) await again.deliver(TWO, pieces("Subject: 2\r\n\r\ntwo\r\n"));
      await again.recorded(TWO);
      assertEquals(await mbox(file), ["Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"]);
      assertEquals(Array.from(Deno.readDirSync(path), ({ name }) => name), ["mail"]);
    }
    // A message of another program came after it.
    const other = bytesOf("From x\nSubject: 3\n\nthree\n\n");
    assertEquals((await crash(join([whole, other]))).has(TWO), true);
    assertEquals((await mbox(file)).length, 3);
    // Another program has rewritten the file: its content stays.
    for (const text of ["From y\nSubject: 4\n\nfour, a longer text\n\n", "From y\n\n\n"]) {
      for (const content of [bytesOf(text), join([before, bytesOf(text)])]) {
        assertEquals((await crash(content)).has(TWO), false);
        assertEquals(await Deno.readFile(file), content);
      }
    }
  }));

Deno.test("MboxDelivery never shortens a file that others have changed since", () =>
  inFolder(async (path) => {
    const file = `${path}/mail`;
    const delivery = await KINDS.MboxDelivery!(path);
    for (const key of [ONE, TWO]) {
      await delivery.deliver(key, pieces(`Subject: ${key}\r\n\r\nx\r\n`));
      await delivery.recorded(key);
    }
    const [, second] = (await Deno.readTextFile(file)).split(/(?=From MAILER)/);
    await Deno.writeTextFile(file, second!);
    await KINDS.MboxDelivery!(path);
    assertEquals(await Deno.readTextFile(file), second);
  }));

Deno.test("MboxDelivery divides messages, whatever the file ends with", () =>
  inFolder(async (path) => {
    for (const end of ["", "\n", "\n\n"]) {
      await Deno.writeTextFile(`${path}/mail`, `From x\nSubject: own\n\nown${end}`);
      const delivery = await KINDS.MboxDelivery!(path);
      await delivery.deliver(ONE, pieces("Subject: 1\r\n\r\none\r\n"));
      await delivery.recorded(ONE);
      assertEquals(await mbox(`${path}/mail`), ["Subject: own\n\nown\n", "Subject: 1\n\none\n"]);
    }
  }));

Deno.test("MboxDelivery delivers into the file that another program put in place while it waited", () =>
  inFolder(async (path) => {
    const file = `${path}/mail`;
    const delivery = await KINDS.MboxDelivery!(path);
    await Deno.writeTextFile(`${file}.lock`, "");
    const delivering = delivery.deliver(ONE, pieces("Subject: 1\r\n\r\none\r\n"));
    // It has the file open, and waits for the lock.
    for (let locked = false; !locked;) {
      using open = await Deno.open(file, { write: true });
      locked = !await open.tryLock(true);
      await Promise.resolve();
    }
    await Deno.writeTextFile(`${path}/new`, "From x\nSubject: own\n\nown\n\n");
    await Deno.rename(`${path}/new`, file);
    await Deno.remove(`${file}.lock`);
    await delivering;
    assertEquals(await mbox(file), ["Subject: own\n\nown\n", "Subject: 1\n\none\n"]);
  }));

Deno.test("MboxDelivery leaves alone what is not an mbox", () =>
  inFolder(async (path) => {
    await Deno.writeTextFile(`${path}/mail`, "#!/bin/sh\n");
    await assertRejects(() => KINDS.MboxDelivery!(path), NetwrightError, "not an mbox");
    assertEquals(await Deno.readTextFile(`${path}/mail`), "#!/bin/sh\n");
    assertEquals(Array.from(Deno.readDirSync(path), ({ name }) => name), ["mail"]);
  }));

Deno.test("any text comes out of an mbox as it went in", () =>
  inFolder(async (path) => {
    const line = fc.array(fc.constantFrom(">", ">>", "From", "From ", " ", "x", "\r", ""), {
      maxLength: 6,
    })
      .map((words) => words.join(""));
    const text = fc.array(line, { minLength: 1, maxLength: 8 }).map((lines) =>
      `a: b\r\n\r\n${lines.join("\r\n")}\r\n`
    );
    await fc.assert(
      fc.asyncProperty(text, text, fc.integer({ min: 1, max: 9 }), async (one, two, size) => {
        await Deno.remove(`${path}/mail`).catch(() => {});
        const delivery = await KINDS.MboxDelivery!(path);
        for (const [key, text] of [[ONE, one], [TWO, two]] as const) {
          await delivery.deliver(key, pieces(text, size));
          await delivery.recorded(key);
        }
        const found = await mbox(`${path}/mail`);
        assertEquals(found, [one, two].map((text) => text.replaceAll("\r\n", "\n")));
      }),
      { numRuns: 60 },
    );
  }));

Deno.test("FetchJournal remembers, for one run at a time, whatever the last one wrote", () =>
  inFolder(async (path) => {
    const file = `${path}/journal`;
    const now = 1_800_000_000_000;
    const day = 86_400_000;
    {
      using journal = await FetchJournal.open(file);
      assertEquals(journal.has(ONE), false);
      await journal.add(ONE, now);
      await journal.add(TWO, now);
      await journal.sync();
    }
    // A crash left half a line.
    await Deno.writeTextFile(file, `${now} ${now} ann@mail`, { append: true });
    {
      using journal = await FetchJournal.open(file);
      assertEquals([journal.fetchedAt(ONE), journal.has("ann@mail")], [now, false]);
      // A list that is empty, as of a server with a fault, makes nothing forgotten.
      await journal.seen([], now + day * 80);
      await journal.seen([ONE], now + day * 80);
      await journal.seen([], now + day * 100);
      await journal.add(ODD, now);
    }
    using journal = await FetchJournal.open(file);
    assertEquals([ONE, TWO, ODD].map((key) => journal.has(key)), [true, false, true]);
    await Deno.writeTextFile(`${path}/other`, "something else\n");
    await assertRejects(() => FetchJournal.open(`${path}/other`), NetwrightError, "not a journal");
    await Deno.writeTextFile(`${path}/bad`, "netwright-fetched 1\nx\n");
    await assertRejects(() => FetchJournal.open(`${path}/bad`), NetwrightError, "damaged");
  }));

Deno.test("an mbox whose lock a killed run left without text is not locked; one of another program is", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/mail`;
    const deliver = async () => {
      const delivery = await MboxDelivery.open(file);
      await delivery.deliver("k", pieces("Subject: x\r\n\r\nx\r\n"));
      delivery.close();
    };
    await deliver();
    for (const text of ["", "netwright\n"]) {
      await Deno.writeTextFile(`${file}.locking`, "");
      await Deno.writeTextFile(`${file}.lock`, text);
      await deliver();
      assertEquals(
        Array.from(Deno.readDirSync(folder), ({ name }) => name).filter((name) =>
          name.includes("lock")
        ),
        [],
      );
    }
  });
});

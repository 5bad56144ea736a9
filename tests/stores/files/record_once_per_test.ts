/** Recent actions: each once in a period, also among several processes; the file stays small. */

import { assertEquals, assertRejects } from "@std/assert";
import { ProtocolError } from "../../../src/net/mod.ts";
import { recordOncePer } from "../../../src/stores/internal.ts";
import { inFolder } from "../../support/trees.ts";

const DAY = 86_400_000;
const at = (day: number) => new Date(Date.UTC(2026, 0, 1) + day * DAY);

Deno.test("a key is the first again after its period, and not before", () =>
  inFolder(async (folder) => {
    const path = `${folder}/times`;
    const ask = (key: string, day: number) =>
      recordOncePer(path, key, { periodMs: 7 * DAY, now: at(day) });
    const answers: boolean[] = [];
    for (
      const [key, day] of [["a", 0], ["a", 6], ['b\n"', 6], ["a", 7], ["a", 8], [
        'b\n"',
        8,
      ]] as const
    ) {
      answers.push(await ask(key, day));
    }
    assertEquals(answers, [true, false, true, true, false, false]);
    assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
  }));

Deno.test("a time in the future counts no longer than another", () =>
  inFolder(async (folder) => {
    const path = `${folder}/times`;
    const ask = (day: number) => recordOncePer(path, "a", { periodMs: 7 * DAY, now: at(day) });
    assertEquals(
      [await ask(1000), await ask(998), await ask(0), await ask(3)],
      [true, false, true, false],
    );
  }));

Deno.test("of many who ask at once, one is the first", () =>
  inFolder(async (folder) => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => recordOncePer(`${folder}/times`, "a", { periodMs: DAY })),
    );
    assertEquals(answers.filter(Boolean).length, 1);
  }));

Deno.test("old lines are left out some day, fresh ones never", () =>
  inFolder(async (folder) => {
    const path = `${folder}/times`;
    const line = (key: string, day: number) => `${at(day).toISOString()} "${key}"\n`;
    const old = Array.from({ length: 1500 }, (_, index) => line(`old${index}`, 0)).join("");
    Deno.writeTextFileSync(path, old + line("fresh", 9));
    assertEquals(await recordOncePer(path, "new", { periodMs: 5 * DAY, now: at(10) }), true);
    assertEquals(Deno.readTextFileSync(path), line("fresh", 9) + line("new", 10));
  }));

Deno.test("a line that was cut costs itself only; another file is left alone", () =>
  inFolder(async (folder) => {
    const path = `${folder}/times`;
    Deno.writeTextFileSync(path, `${at(9).toISOString()} "a"\n2026-01-0`);
    const options = { periodMs: 5 * DAY, now: at(10) };
    assertEquals(await recordOncePer(path, "b", options), true);
    assertEquals(await recordOncePer(path, "a", options), false);
    assertEquals(await recordOncePer(path, "b", options), false);
    Deno.writeTextFileSync(path, `${at(9).toISOString()} "a\\q"\n${at(9).toISOString()} "a"\n`);
    assertEquals(await recordOncePer(path, "a", options), false);
    const other = "root:x:0\n";
    Deno.writeTextFileSync(path, other);
    await assertRejects(() => recordOncePer(path, "a", options), ProtocolError);
    assertEquals(Deno.readTextFileSync(path), other);
  }));

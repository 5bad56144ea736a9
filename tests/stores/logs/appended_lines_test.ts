import { assertEquals, assertThrows } from "@std/assert";
import { NetwrightError } from "../../../src/net/mod.ts";
import { AppendedLines } from "../../../src/stores/internal.ts";

/** What waits for the end of a turn is written before this. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("AppendedLines: lines of one turn together, after a move into a new file", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/log`;
  try {
    const lines = new AppendedLines(path);
    lines.add("one");
    lines.add("two");
    // Not awaited: under load the turn would be over by then.
    assertEquals(Deno.readTextFileSync(path), "");
    await nextTurn();
    await Deno.rename(path, `${path}.1`);
    lines.add("three");
    await nextTurn();
    assertEquals(await Deno.readTextFile(`${path}.1`), "one\ntwo\n");
    assertEquals(await Deno.readTextFile(path), "three\n");
    assertEquals((await Deno.stat(path)).mode! & 0o007, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("AppendedLines: what cannot be written is reported by the next line, which is kept", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const inner = `${folder}/inner`;
    assertThrows(() => new AppendedLines(`${inner}/log`), NetwrightError, "inner/log");
    await Deno.mkdir(inner);
    const lines = new AppendedLines(`${inner}/log`);
    await Deno.remove(inner, { recursive: true });
    lines.add("lost");
    await nextTurn();
    await Deno.mkdir(inner);
    assertThrows(() => lines.add("kept"), NetwrightError, "No such file");
    lines.add("more");
    await nextTurn();
    assertEquals(await Deno.readTextFile(`${inner}/log`), "kept\nmore\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

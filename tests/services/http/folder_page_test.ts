/** The page of a folder. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { folderPage } from "../../../src/services/http/folder_page.ts";

Deno.test("names in a folder's page cannot change how it looks", () => {
  const modified = new Date(0);
  const name = "a\x9b<b>\u202egnp.exe";
  const page = folderPage("/", [{ name, kind: "file", size: 1, modified }]);
  assertStringIncludes(page, "a\\x9b&lt;b&gt;\\u{202e}gnp.exe");
  assertEquals(/[\x80-\x9f\u202a-\u202e]/.test(page), false);
  assertStringIncludes(page, `href="./${encodeURIComponent(name)}"`);
});

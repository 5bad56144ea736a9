/// <reference lib="dom" />
/** The report of `http robot` in a browser: sorted, searched, opened, dark, and with hostile texts in it. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { netwright } from "../support/netwright.ts";
import { startRobotSite } from "../support/robot_site.ts";
import { inFolder } from "../support/trees.ts";
import { openPage } from "./peers/browser.ts";
import { needs } from "./peers/needs.ts";

const ignore = !await needs("chromium");

/** The text of all elements that match. */
type Texts = (selector: string) => Promise<string[]>;

Deno.test({
  name: "chromium: the report is sorted, searched, opened and walked through by keyboard",
  ignore,
  async fn() {
    await inFolder(async (folder) => {
      await using site = startRobotSite({ pages: 2000 });
      const report = `${folder}/report.html`;
      const { code } = await netwright([
        ...["http", "robot", site.start, "--no-delay", "--per-host", "6", "--html", report, "-q"],
      ]);
      assertEquals(code, 4);
      await using open = await openPage(`file://${report}`);
      const { page, complaints } = open;
      const texts: Texts = (selector) =>
        page.$$eval(selector, (found) => found.map((one) => one.textContent ?? ""));
      assertEquals((await texts("#counts li"))[3], "12 unclear");
      const faulty = site.expected.filter((one) =>
        !/^(?:redirect|robots|only-in-sitemap) /.test(one)
      );
      assertEquals((await texts("tbody tr")).length, faulty.length);
      // Sorting.
      const targets = async () => await texts("tbody td:nth-child(3)");
      await page.click("th:nth-child(3) button");
      const up = await targets();
      assertEquals(up, up.toSorted());
      await page.click("th:nth-child(3) button");
      assertEquals(await targets(), up.toReversed());
      assertEquals(await page.$eval("th:nth-child(3)", (head) => head.ariaSort), "descending");
      // Search, by the key that the field names.
      await page.keyboard.press("/");
      await page.keyboard.type("gone/3");
      assertEquals((await targets()).length, 1);
      assertEquals(await texts(".count"), [`1 of ${faulty.length} rows`]);
      await page.click("details summary");
      await page.waitForSelector("td li");
      assertEquals((await texts("td li")).length, 2);
      // A page's detail, and from there another one's.
      await page.click("td li button");
      assertEquals(await texts("dialog h2"), ["Page 30"]);
      assertMatch(
        (await texts("dialog h3")).join(),
        /^Faulty links of this page \(1\),Linked from/,
      );
      await page.keyboard.press("Escape");
      assertEquals(
        await page.$eval("dialog", (dialog) => (dialog as HTMLDialogElement).open),
        false,
      );
      await page.$eval("#search", (field) => {
        (field as HTMLInputElement).value = "";
        field.dispatchEvent(new Event("input"));
      });
      // Tabs by keyboard: to the picture, into its first folder and its first page.
      await page.focus("#tabs [aria-selected=true]");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      assertEquals(await texts("#tabs [aria-selected=true]"), ["Picture"]);
      assert((await page.$$("svg .area")).length > 20);
      await page.$eval("svg", (svg) => (svg as SVGElement).focus());
      const chosen = async () => (await texts("main .count")).join();
      const first = await chosen();
      await page.keyboard.press("ArrowRight");
      const second = await chosen();
      assert(first !== second, first);
      await page.keyboard.press("ArrowLeft");
      assertEquals(await chosen(), first);
      await page.keyboard.press("Enter");
      assert((await page.$$("svg .area")).length >= 1990);
      assertEquals((await texts("main nav button")).length, 2);
      // Many pages of one folder are divided by the alphabet.
      await page.keyboard.press("Enter");
      assertEquals((await texts("main nav button")).length, 3);
      await page.keyboard.press("Enter");
      assertMatch((await texts("dialog h2")).join(), /^Page \d+$/);
      await page.click("dialog > button");
      await page.keyboard.press("Backspace");
      await page.keyboard.press("Backspace");
      assertEquals((await texts("main nav button")).length, 1);
      // All views are there.
      for (const tab of ["pages", "all", "redirects", "slow", "notes"]) {
        await page.click(`[data-tab=${tab}]`);
        assert((await texts("tbody tr")).length > 0, tab);
      }
      // Light and dark, by the system and by the button.
      const background = () => page.$eval("body", (body) => getComputedStyle(body).backgroundColor);
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
      assertEquals(await background(), "rgb(255, 255, 255)");
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
      assertEquals(await background(), "rgb(13, 17, 23)");
      await page.click("#theme");
      assertEquals(await background(), "rgb(255, 255, 255)");
      // Narrow: only tables may be wider than the screen.
      await page.setViewport({ width: 390, height: 800 });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assertEquals(width <= 390, true, `${width}`);
      assertEquals(complaints, []);
    });
  },
});

Deno.test({
  name: "chromium: what a site writes into the report stays text",
  ignore,
  async fn() {
    const attack =
      '</script><script>document.title="owned"</script><img src=x onerror="document.title=1">';
    const handler = (request: Request): Response => {
      const { pathname } = new URL(request.url);
      if (pathname !== "/") return new Response("none", { status: 404 });
      return new Response(
        `<title>${attack.replaceAll("<", "&lt;")}\u2028\u202e</title>` +
          `<a href="/&quot;><script>1</script>">${attack.replaceAll("<", "&lt;")}</a>` +
          `<a href="javascript:document.title=2">x</a><a href="/]]>--><!--">y</a>`,
        { headers: { "content-type": "text/html; charset=utf-8" } },
      );
    };
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      handler,
    );
    await inFolder(async (folder) => {
      const report = `${folder}/report.html`;
      await netwright(["http", "robot", `http://127.0.0.1:${server.addr.port}/`, "--html", report]);
      await using open = await openPage(`file://${report}`);
      const { page, complaints } = open;
      const title = await page.title();
      for (const tab of ["links", "pages", "map", "all", "notes"]) {
        await page.click(`[data-tab=${tab}]`);
      }
      await page.click("[data-tab=all]");
      await page.click("tbody button.link");
      assertMatch(
        await page.$eval("dialog h2", (heading) => heading.textContent ?? ""),
        /^<\/script><script>document\.title="owned"/,
      );
      assertEquals(await page.title(), title);
      assertEquals(await page.$$eval("main img, dialog img", (found) => found.length), 0);
      assertEquals(complaints, []);
    });
  },
});

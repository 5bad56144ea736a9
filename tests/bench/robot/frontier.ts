/** Puts URLs into the state of a crawl, takes them out, and finishes them: `frontier.ts URLS [FILE]`. */

import { CrawlStore } from "../../../src/stores/crawl/crawl_store.ts";

const [count = "1000000", path] = Deno.args;
const urls = Number(count);
const before = Deno.memoryUsage().rss;
using store = await CrawlStore.open(path);
const start = performance.now();
const url = (number: number): string =>
  `http://host-${number % 1000}.example/folder-${number % 97}/page-${number}.html`;
const add = (number: number): number =>
  store.add(url(number), `host-${number % 1000}.example`, "read", 1).id;
for (let number = 0; number < urls; number++) {
  add(number);
  add(Math.floor(number / 2));
  if (number % 5000 === 0) store.commit();
}
store.commit();
const added = performance.now();
let done = 0;
for (const { id } of store.waitingHosts(1000)) {
  for (let after = 0;;) {
    const items = store.waiting(id, after, 64);
    if (items.length === 0) break;
    for (const item of items) {
      const links = [{
        target: item.id,
        kind: "link",
        fragment: "",
        text: "a page",
        mode: "read" as const,
      }];
      store.finish(item, {
        outcome: "ok",
        status: 200,
        type: "text/html",
        bytes: 2000,
        ms: 3,
        links,
      });
      after = item.id;
      done++;
    }
  }
  store.commit();
}
const finished = performance.now();
const size = path === undefined ? 0 : (await Deno.stat(path)).size;
const memory = Deno.memoryUsage().rss - before;
const rate = (from: number, to: number): string =>
  `${Math.round(urls / ((to - from) / 1000)).toLocaleString("en")}/s`;
console.log(
  `Frontier, ${urls.toLocaleString("en")} URLs ${
    path === undefined ? "in memory" : "in a file"
  }: ` +
    `added ${rate(start, added)}, taken and finished ${rate(added, finished)} (${done}), ` +
    `${Math.round(memory / urls)} bytes of memory and ${Math.round(size / urls)} of disk for each`,
);

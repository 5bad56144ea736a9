/** Links to mail, FTP and news, checked by our own clients against our own servers in memory. */

import { assertMatch } from "@std/assert";
import { DestinationGate, type HostEndpoint, memoryNetwork } from "../../../src/net/mod.ts";
import {
  FtpSource,
  type LinkSource,
  MailSource,
  NewsSource,
} from "../../../src/programs/robot/internal.ts";
import { Served } from "../../support/ftp_served.ts";
import { servedNews } from "../../protocols/nntp/served.ts";

async function outcomes(
  source: LinkSource,
  urls: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [url, expected] of Object.entries(urls)) {
    const { outcome, reason = "" } = await source.request({
      url: new URL(url),
      mode: "check",
      turn: () => Promise.resolve(),
      signal: new AbortController().signal,
    });
    assertMatch(`${outcome} ${reason}`, new RegExp(`^${expected}`), url);
  }
}

/** Lets the servers of a test through. */
function gate(...named: readonly string[]): DestinationGate {
  return new DestinationGate({ capabilities: { net: true }, named });
}

Deno.test("mailto: links, by the domain's exchangers", async () => {
  const network = memoryNetwork({
    records: {
      "b.example": { MX: [{ preference: 1, exchange: "mx.b.example" }] },
      "address.example": { A: ["192.0.2.1"] },
      "null.example": { MX: [{ preference: 0, exchange: "." }] },
    },
  });
  await outcomes(new MailSource(network, 1000), {
    "mailto:ann@b.example?subject=x": "ok",
    "mailto:ann@b.example,bob@address.example": "ok",
    "mailto:": "ok",
    "mailto:?subject=only": "ok",
    "mailto:ann@null.example": "dead ",
    "mailto:ann@none.example": "dead there is no such host",
    "mailto:ann": "dead this is not a mail address",
    "mailto:%ff@b.example": "dead malformed",
    "mailto:a%20b@b.example": "dead this is not",
  });
});

Deno.test("ftp: links, without a transfer", async () => {
  await using served = new Served();
  const { port } = served.endpoint as HostEndpoint;
  {
    await using client = await served.connect({}, "ann");
    await client.makeFolder("pub");
    await client.store("pub/a b.txt", [new TextEncoder().encode("x")]);
  }
  const { network } = served;
  const base = `ftp://127.0.0.1:${port}`;
  const source = new FtpSource({ network, gate: gate("127.0.0.1"), timeoutMs: 2000 });
  await outcomes(source, {
    [`${base}/pub/a%20b.txt`]: "ok",
    [`${base}/pub/a%20b.txt;type=i`]: "ok",
    [`${base}/pub/`]: "ok",
    [`${base}/`]: "ok",
    [`${base}/pub/none`]: "dead no such file",
    [`${base}/none/`]: "dead ",
    [`${base}/a%0d%0aDELE%20x`]: "dead no such file",
    "ftp://127.0.0.1:1/": "failed ",
  });
  const wary = new FtpSource({ network, gate: gate(), timeoutMs: 2000 });
  await outcomes(wary, { [`${base}/pub/`]: "outside not requested: a loopback address" });
});

Deno.test("news: and nntp: links", async () => {
  await using served = await servedNews();
  const server = served.endpoint as HostEndpoint;
  const { network } = served;
  const source = new NewsSource({ network, gate: gate("127.0.0.1"), server, timeoutMs: 2000 });
  const base = `nntp://127.0.0.1:${server.port}`;
  await outcomes(source, {
    "news:local.test": "ok",
    "news:none.such": "dead ",
    "news:*": "ok",
    "news:missing@a.example": "dead ",
    "news:not a group": "dead this is not a newsgroup",
    [`${base}/local.test`]: "ok",
    [`${base}/local.test/99`]: "dead ",
    [`${base}/none.such`]: "dead ",
    "nntp://127.0.0.1:1/a": "failed ",
  });
});

Deno.test("ftp: a server that lets nobody in is no dead link", async () => {
  await using served = new Served({ authenticate: () => Promise.resolve(undefined) });
  const { network, endpoint } = served;
  const source = new FtpSource({ network, gate: gate("127.0.0.1"), timeoutMs: 2000 });
  await outcomes(source, { [`ftp://127.0.0.1:${endpoint.port}/x`]: "denied " });
});

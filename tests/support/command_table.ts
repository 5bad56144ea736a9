/**
 * A command line for each command and its output; by it every command is tried from source and compiled.
 *
 * @module
 */

import { formatEndpoint, MulticastSender, systemNetwork } from "../../src/net/mod.ts";
import { NntpClient } from "../../src/protocols/nntp/mod.ts";
import { encodeTimeOfDay, TIME_OF_DAY_GROUP } from "../../src/protocols/time_of_day/internal.ts";
import { type Answers, startScript } from "../protocols/imap/scripted.ts";
import { startDevice } from "./fake_device.ts";
import { freeDatagramPort } from "./ports.ts";
import { type Running, type RunOptions, serve } from "./netwright.ts";
import { startWebSite } from "./web_site.ts";

/** One command line. */
export interface Row {
  /** The command line; `@echo` and the like are for a server's endpoint. */
  readonly words: readonly string[];
  /** Standard input. */
  readonly stdin?: string;
  /** Standard output. */
  readonly stdout: RegExp;
  /** Standard error; empty if absent. */
  readonly stderr?: RegExp;
}

/** Groups stay on this host. */
const LOOPBACK = ["--interface", "127.0.0.1"];

const ANN = ["--from", "ann@b.example"];

/** Each has its own mailbox: one session at a time may have it. */
function inMailbox(user: string): string[] {
  return ["pop://@pop3", "--user", user, "--password-file", "@folder/secret"];
}

/** An account whose password any is. */
const IN_ACCOUNT = ["imap://@imap", "--user", "ann", "--password-file", "@folder/secret"];

/** By the name of the command. */
export const ROWS: Readonly<Record<string, Row>> = {
  "bench load": {
    words: ["bench", "load", "echo://@echo", "--requests", "100"],
    stdout: /: \d+\.\d\d s, 10 connections opened\nanswered +100 .*\nfailed +0\nlatency +mean /,
  },
  "bench models": {
    words: ["bench", "models", "multiplex", "serial", "--duration", "0.1", "--runs", "1"],
    stdout: /^multiplex\t[1-9]\d*\t[1-9]\d*\t[1-9]\d*\t0\nserial(\t[1-9]\d*){3}\t0\n$/,
  },
  chargen: { words: ["chargen", "@chargen", "--bytes", "74"], stdout: /^!"#.*\r\n$/ },
  chat: {
    words: ["chat", "ann@@chat", "--join", "Pets", "--wait", "0.3"],
    stdin: "hello\n",
    stdout: /^-- you are in Pets with 1 in all: .*\n\[Pets\] ann: hello\n$/,
  },
  completions: {
    words: ["completions", "suggest", "--", "serve", "ech"],
    stdout: /^echo\n$/,
  },
  daytime: { words: ["daytime", "@daytime"], stdout: /^\w+, \w+ \d+, \d{4} \d\d:\d\d:\d\d-UTC\n$/ },
  discard: { words: ["discard", "@discard"], stdin: "abc", stdout: /^3 bytes sent in .*\n$/ },
  "discover chat": {
    words: ["discover", "chat", "--wait", "0.3", "--port", "@lobby"],
    stdout: /127\.0\.0\.1:\d+\n/,
  },
  echo: {
    words: ["echo", "@echo"],
    stdin: "one\ntwo\n",
    stdout: /^one\ntwo\n$/,
    stderr: /10 bytes sent, 10 received, round trip min\/median\/max [\d.\/]+ ms\n$/,
  },
  eliza: {
    words: ["eliza"],
    stdin: "Men are all alike.\nbye\n",
    stdout: /^How do you do\. .*\nIn what way\?\nGoodbye\. .*\n$/,
  },
  fetch: {
    words: ["fetch", "http://@web/a.txt", "http://@web/page.html", "--print", "--in-order"],
    stdout: /^hello\n<!doctype html>/,
  },
  finger: { words: ["finger", "@@finger"], stdout: /\S/ },
  "ftp cat": { words: ["ftp", "cat", "ftp://@ftp/x"], stdout: /^hello\n$/ },
  "ftp chmod": { words: ["ftp", "chmod", "640", "ftp://@ftp/x"], stdout: /^$/ },
  "ftp copy": {
    words: ["ftp", "copy", "ftp://@ftp/x", "ftp://@ftp/y"],
    stderr: /^y: 6 bytes\n$/,
    stdout: /^$/,
  },
  "ftp get": {
    words: ["ftp", "get", "ftp://@ftp/x", "--to", "@folder/y"],
    stdout: /^$/,
    stderr: /^\S+\/y: 6 bytes\n$/,
  },
  "ftp ls": {
    words: ["ftp", "ls", "ftp://@ftp"],
    stdout: /^(?:(?:a|gated|got|letter\.eml|m|mail|secret|talk\.yaml|unpacked|up|x|y)\n)+$/,
  },
  "ftp mirror": {
    words: ["ftp", "mirror", "--include", "x", "ftp://@ftp/", "@folder/m"],
    stdout: /^$/,
    stderr: /^\d files transferred .*unchanged\n$/,
  },
  "ftp mkdir": { words: ["ftp", "mkdir", "--parents", "ftp://@ftp/a/b"], stdout: /^$/ },
  "ftp mv": { words: ["ftp", "mv", "ftp://@ftp/x", "x"], stdout: /^$/ },
  "ftp put": {
    words: ["ftp", "put", "-", "ftp://@ftp/up"],
    stdin: "up",
    stdout: /^$/,
    stderr: /^up: 2 bytes\n$/,
  },
  "ftp quote": { words: ["ftp", "quote", "ftp://@ftp", "PWD"], stdout: /^257 "\/" / },
  "ftp rm": { words: ["ftp", "rm", "--force", "ftp://@ftp/none"], stdout: /^$/ },
  "ftp shell": {
    words: ["ftp", "shell", "ftp://@ftp", "--execute", "pwd"],
    stdout: /^\/\n$/,
  },
  gab: { words: ["gab", "@echo"], stdin: "hello\n", stdout: /^hello\n$/ },
  help: { words: ["help", "echo"], stdout: /^netwright echo: / },
  "http chain": {
    words: ["http", "chain", "http://@web/to"],
    stdout: /^302\t[\d.]+\tGET\t\S+\/to\n200\t[\d.]+\tGET\t\S+\/a\.txt\n$/,
  },
  "http delete": { words: ["http", "delete", "http://@web/echo"], stdout: /^DELETE \n$/ },
  "http form": {
    words: ["http", "form", "http://@web/page.html", "--set", "q=tea"],
    stdout: /^POST q=tea&token=7\n$/,
  },
  "http get": { words: ["http", "get", "http://@web/to"], stdout: /^hello\n$/ },
  "http head": {
    words: ["http", "head", "http://@web/a.txt"],
    stdout: /^HTTP\/1\.1 200 OK\n[^]*Content-Type: text\/plain[^]*\n\n$/,
  },
  "http headers": {
    words: ["http", "headers", "http://@web/page.html"],
    stdout: /^HTTP\/1\.1 200\n[^]*\nmissing\tcontent-security-policy\t/,
  },
  "http images": {
    words: ["http", "images", "http://@web/page.html", "--to", "@folder/pictures"],
    stdout: /^\S+\/pictures\/pic\.png\t(?:7|unchanged)\t\S+\/pic\.png\n$/,
  },
  "http links": {
    words: ["http", "links", "http://@web/page.html"],
    stdout: /^link\t\S+\/a\.txt\tfour\nimage\t\S+\/pic\.png\tcup\nform\t\S+\/echo\t\n$/,
  },
  "http mirror": {
    words: ["http", "mirror", "http://@web/a.txt", "@folder/mirrored"],
    stdout: /^$/,
    stderr: /^\S+\/mirrored: (?:6 bytes|unchanged)\n$/,
  },
  "http post": {
    words: ["http", "post", "http://@web/echo", "--data", "a=b"],
    stdout: /^POST a=b\n$/,
  },
  "http put": {
    words: ["http", "put", "http://@web/echo", "@folder/x"],
    stdout: /^PUT hello\n\n$/,
  },
  "http robot": {
    words: ["http", "robot", "http://@web/page.html", "--html", "@folder/report.html"],
    stdout: /^$/,
    stderr: /^3 URLs in \d\.\d s: 0 errors, 0 unclear, 0 warnings, 0 notes\n$/,
  },
  "http text": {
    words: ["http", "text", "http://@web/page.html"],
    stdout: /^Tea\n\nAt four \[\S+\/a\.txt\]\?\n$/,
  },
  "imap append": {
    words: ["imap", "append", ...IN_ACCOUNT, "@folder/letter.eml"],
    stdout: /^$/,
    stderr: /^1 added\n$/,
  },
  "imap copy": {
    words: ["imap", "copy", ...IN_ACCOUNT, "--all", "--to", "Sent"],
    stdout: /^$/,
    stderr: /^2 copied\n$/,
  },
  "imap fetch": {
    words: ["imap", "fetch", ...IN_ACCOUNT, "3", "--to", "-"],
    stdout: /^hello\r\n$/,
  },
  "imap flag": {
    words: ["imap", "flag", ...IN_ACCOUNT, "--all", "--add", "seen", "--dry-run"],
    stdout: /^2 would be changed\n$/,
  },
  "imap folders": {
    words: ["imap", "folders", ...IN_ACCOUNT],
    stdout: /^INBOX\t\t\nSent\tsent\t\\Sent\n$/,
  },
  "imap ls": {
    words: ["imap", "ls", ...IN_ACCOUNT],
    stdout: /^3\tNF\t99\t\t\tTea\n$/,
  },
  "imap move": {
    words: ["imap", "move", ...IN_ACCOUNT, "--all", "--to", "Sent", "--dry-run"],
    stdout: /^2 would be moved\n$/,
  },
  "imap rm": {
    words: ["imap", "rm", ...IN_ACCOUNT, "--all", "--dry-run"],
    stdout: /^2 would be deleted\n$/,
  },
  "imap search": {
    words: ["imap", "search", ...IN_ACCOUNT, "--subject", "tea"],
    stdout: /^3\n5\n$/,
  },
  "imap stats": {
    words: ["imap", "stats", ...IN_ACCOUNT],
    stdout: /^ann@127\.0\.0\.1:\d+\tINBOX\t2\t1\t\nann@\S+\tSent\t2\t1\t\n$/,
  },
  "imap sync": {
    words: [
      ...["imap", "sync", "imap://@mailboxes", "--user", "sync", "--dry-run"],
      ...["--password-file", "@folder/secret", "--maildir", "@folder/synced"],
    ],
    stdout: /^INBOX\t1 fetched\n$/,
  },
  "imap watch": {
    words: ["imap", "watch", ...IN_ACCOUNT, "--count", "1"],
    stdout: /^flags\t3\t\\Seen\t\n$/,
    stderr: /^watching INBOX: 3 messages\n$/,
  },
  interfaces: { words: ["interfaces"], stdout: /127\.0\.0\.1/ },
  line: { words: ["line", "@daytime"], stdout: /-UTC\n$/ },
  localtime: {
    words: ["localtime", "--server", "@localtime", "Asia/Tokyo"],
    stdout: /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\n$/,
  },
  log: { words: ["log", "--to", "tcp://@discard", "--host", "a", "hello"], stdout: /^$/ },
  "mail autoreply": {
    words: ["mail", "autoreply", ...ANN, "--body", "Away.", "@folder/letter.eml"],
    stdout: /\r\nTo: joe@x\.example\r\nSubject: Auto: Tea\r\n[^]*\r\n\r\nAway\.\r\n$/,
  },
  "mail compose": {
    words: ["mail", "compose", ...ANN, "--to", "bob@c.example", "-s", "Tea"],
    stdin: "hello\n",
    stdout: /^Date: [^]*\r\nSubject: Tea\r\n[^]*\r\n\r\nhello\r\n$/,
  },
  "mail forward": {
    words: ["mail", "forward", ...ANN, "--to", "bob@c.example", "@folder/letter.eml"],
    stdin: "see\n",
    stdout: /\r\nSubject: Fwd: Tea\r\n[^]*\r\nsee\r\n[^]*\r\nFrom: joe@x\.example\r\n/,
  },
  "mail recent": {
    words: ["mail", "recent", "ftp://@ftp/", ...ANN, "--to", "bob@c.example", "--include", "x"],
    stdout: /\r\nSubject: New on 127\.0\.0\.1\/: 1 file\r\n[^]*\r\naGVsbG8K\r\n/,
  },
  "mail reply": {
    words: ["mail", "reply", ...ANN, "@folder/letter.eml"],
    stdin: "yes\n",
    stdout: /\r\nSubject: Re: Tea\r\n[^]*\r\nIn-Reply-To: <1@x\.example>\r\n[^]*\r\nyes\r\n$/,
  },
  "mime build": {
    words: ["mime", "build", "@folder/x", "--header", "Subject: x"],
    stdout: /^Subject: x\r\nMIME-Version: 1\.0\r\n[^]*\r\n\r\naGVsbG8K\r\n$/,
  },
  "mime tree": {
    words: ["mime", "tree", "@folder/letter.eml"],
    stdout: /^1\tmultipart\/mixed\t\t\n1\.1\ttext\/plain\t5\t\.\.\/a\.txt\n$/,
  },
  "mime unpack": {
    words: ["mime", "unpack", "@folder/letter.eml", "--to", "@folder/unpacked"],
    stdout: /^$/,
    stderr: /^\S+\/unpacked\/a(?:-\d+)?\.txt: 5 bytes\n$/,
  },
  netmask: { words: ["netmask", "/20", "192.0.2.77"], stdout: /network +192\.0\.0\.0\n/ },
  "news gateway": {
    words: [
      ...["news", "gateway", "nntp://@nntp", "local.*", "--all", "--subject", "^Tea$", "--quiet"],
      ...["--maildir", "@folder/gated"],
    ],
    stdout: /^$/,
  },
  "news groups": {
    words: ["news", "groups", "nntp://@nntp", "local.*"],
    stdout: /^local\.test\t\d+\t\tTests\n$/,
  },
  "news list": {
    words: ["news", "list", "nntp://@nntp", "local.test", "--subject", "tea"],
    stdout: /^1\t1\t20\d\d-\d\d-\d\d\tjoe@x\.example\tTea\n$/,
  },
  "news post": {
    words: ["news", "post", "nntp://@nntp", "local.test", ...ANN, "-s", "Hi", "--body", "Hi"],
    stdout: /^$/,
    stderr: /^posted: article received <\S+@b\.example>\n$/,
  },
  "news read": {
    words: ["news", "read", "nntp://@nntp", "<1@x.example>"],
    stdout: /^From: joe@x\.example\nNewsgroups: local\.test\n.*\nSubject: Tea\n\nAt four\?\n$/,
  },
  password: {
    words: ["password"],
    stdin: "sesame\n",
    stdout: /^SCRAM-SHA-256\$\d+:\S+==\$\S{43}=:\S{43}=\n$/,
  },
  ping: { words: ["ping", "127.0.0.1", "--count", "1"], stdout: /127\.0\.0\.1.*ms/s },
  pipe: { words: ["pipe", "--receive", "@daytime", "--", "cat"], stdout: /-UTC\r?\n$/ },
  "pop fetch": {
    words: ["pop", "fetch", ...inMailbox("fetch"), "--maildir", "@folder/got"],
    stdout: /^$/,
    stderr: /^(?:1 fetched, 0|0 fetched, 1) known\n$/,
  },
  "pop ls": {
    words: ["pop", "ls", ...inMailbox("ls")],
    stdout: /^1\t2\d\d\t\tjoe@x\.example\tTea\n$/,
  },
  "pop rm": {
    words: ["pop", "rm", ...inMailbox("rm"), "1", "--dry-run"],
    stdout: /^would delete message 1\n$/,
  },
  "pop stats": {
    words: ["pop", "stats", ...inMailbox("stats")],
    stdout: /^stats@127\.0\.0\.1:\d+\t1\t2\d\d\n$/,
  },
  protocol: { words: ["protocol", "tcp"], stdout: /^tcp\s+6/ },
  qotd: { words: ["qotd", "@qotd"], stdout: /\S/ },
  ref: { words: ["ref", "errors", "ECONNREFUSED"], stdout: /ECONNREFUSED/ },
  resolve: { words: ["resolve", "localhost"], stdout: /127\.0\.0\.1/ },
  "serve mail": {
    words: [
      ...["serve", "mail", "--maildir", "@folder/mail", "--any-password"],
      ...["--smtp", "0", "--lmtp", "0", "--pop3", "0", "--imap", "0"],
    ],
    stdout: /^smtp listening on [^]*\nimap listening on /,
  },
  serve: { words: ["serve", "echo", "--listen", "127.0.0.1:0"], stdout: /^listening on / },
  service: { words: ["service", "smtp"], stdout: /25\/tcp|smtp\s+25/ },
  "smtp send": {
    words: ["smtp", "send", "smtp://@smtp", "--from", "a@b.c", "--to", "d@e.f"],
    stdin: "hello\n",
    stdout: /^$/,
    stderr: /^d@e\.f: sent \(2\.0\.0 kept as \w{16}\)\n$/,
  },
  "smtp verify": {
    words: ["smtp", "verify", "smtp://@smtp", "d@e.f"],
    stdout: /^ok {4}connect to [^]*\n {8}250 2\.1\.5 ok\n[^]*QUIT.*\n {8}221 .*\n$/,
  },
  sockets: { words: ["sockets"], stdout: /127\.0\.0\.1:/ },
  telnet: {
    words: ["telnet", "@eliza"],
    stdin: "Men are all alike.\nbye\n",
    stdout: /^How do you do\. .*\r\nIn what way\?\r\nGoodbye\. .*\r\n$/,
  },
  "telnet run": {
    words: ["telnet", "run", "@router", "--", "show clock", "show users"],
    stdout: /^show clock: ok\nshow users: ok\n$/,
  },
  "telnet script": {
    words: ["telnet", "script", "@folder/talk.yaml", "@eliza", "--set", "said=Men are all alike."],
    stdout: /^She answered: In what way\?\n$/,
  },
  time: { words: ["time", "@time"], stdout: /^\d{4}-\d\d-\d\dT.*Z/ },
  "time-of-day receive": {
    words: ["time-of-day", "receive", "--group", "@clock", "--count", "1", ...LOOPBACK],
    stdout: /^Thu Jan {2}1 0\d:00:00 1970\tpizza\t127\.0\.0\.1\n$/,
  },
  "time-of-day send": {
    words: ["time-of-day", "send", "--count", "1", "--every", "0.1", ...LOOPBACK],
    stdout: /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\/\S+\n$/,
  },
  tour: { words: ["tour", "3.3"], stdout: /1 of 1 rows passed\n$/ },
  trace: { words: ["trace", "127.0.0.1"], stdout: /127\.0\.0\.1/ },
  wrap: {
    words: ["wrap", "@wrap"],
    stdin: "one two three four five six seven eight nine ten\n",
    stdout: /^one two three four five six seven eight\nnine ten\n$/,
  },
};

/** Commands that run until they are interrupted. */
export const ENDLESS: ReadonlySet<string> = new Set(["serve", "serve mail"]);

/** The services that the table's command lines talk to. */
const SERVICES = [
  "chat",
  "chargen",
  "daytime",
  "discard",
  "echo",
  "eliza",
  "finger",
  "ftp",
  "localtime",
  "nntp",
  "pop3",
  "qotd",
  "smtp",
  "time",
  "wrap",
];

/** A message with one attachment. */
export const LETTER = "Return-Path: <joe@x.example>\nFrom: joe@x.example\nTo: ann@b.example\n" +
  "Subject: Tea\nMessage-ID: <1@x.example>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" +
  "Content-Disposition: attachment; filename=../a.txt\n\nhello\n--b--\n";

/** Servers for the table's command lines, and how to name them there. */
export interface TableServers extends AsyncDisposable {
  /** Puts the servers' endpoints into a row's words, or another one for all of them. */
  words(row: Row, instead?: string): string[];
}

/** Starts the servers that the table's command lines talk to. */
export async function tableServers(options: RunOptions = {}): Promise<TableServers> {
  const servers: (Running & { readonly endpoint: string })[] = [];
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/x`, "hello\n");
  await Deno.writeTextFile(`${folder}/letter.eml`, LETTER);
  await Deno.writeTextFile(`${folder}/talk.yaml`, TALK);
  await Deno.writeTextFile(`${folder}/secret`, "any\n");
  for (const user of ["fetch", "ls", "rm", "stats", "sync"]) {
    await Deno.mkdir(`${folder}/mail/${user}/new`, { recursive: true });
    await Deno.writeTextFile(`${folder}/mail/${user}/new/1.letter`, LETTER);
  }
  const more: Readonly<Record<string, readonly string[]>> = {
    ftp: ["--root", folder, "--anonymous", "write"],
    eliza: ["--telnet"],
    pop3: ["--maildir", `${folder}/mail`, "--any-password"],
  };
  for (const service of SERVICES) {
    servers.push(
      await serve([service, "--listen", "127.0.0.1:0", ...more[service] ?? []], options),
    );
  }
  const endpoints = new Map(SERVICES.map((name, index) => [name, servers[index]!.endpoint]));
  // One that receives broadcasts; its port alone is named.
  const lobby = await serve(["chat", "--listen", "0.0.0.0:0"], options);
  servers.push(lobby);
  const port = lobby.endpoint.split(":")[1]!;
  endpoints.set("folder", folder);
  await postArticle(endpoints.get("nntp")!);
  const router = startRouter();
  const imap = startScript(IMAP_ANSWERS, { network: systemNetwork(), can: "IDLE" });
  endpoints.set("imap", imap.endpoint);
  const mailboxes = await serve(
    ["imap", "--listen", "127.0.0.1:0", "--maildir", `${folder}/mail`, "--any-password"],
    options,
  );
  servers.push(mailboxes);
  endpoints.set("mailboxes", mailboxes.endpoint);
  endpoints.set("router", formatEndpoint(router.addr as Deno.NetAddr));
  const clock = await startClock();
  const web = startWebSite();
  endpoints.set("web", web.endpoint);
  return {
    words: (row, instead) =>
      row.words.map((word) =>
        word.replace(
          /^((?:[a-z]+:\/\/|\w+@)?)@(@?)(\w+)(\/.*)?$/,
          (_, scheme = "", at, service, path = "") =>
            service === "lobby"
              ? port
              : service === "clock"
              ? clock.group
              : `${scheme}${at}${
                (service === "folder" ? undefined : instead) ?? endpoints.get(service)
              }${path}`,
        )
      ),
    async [Symbol.asyncDispose]() {
      clock.stop();
      router.close();
      await web[Symbol.asyncDispose]();
      await imap[Symbol.asyncDispose]();
      for (const server of servers) await server[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function postArticle(endpoint: string): Promise<void> {
  await using client = await NntpClient.connect(endpoint);
  const text = "From: joe@x.example\nNewsgroups: local.test\nSubject: Tea\n" +
    "Message-ID: <1@x.example>\n\nAt four?\n";
  await client.post([new TextEncoder().encode(text)]);
}

/** Responses of the IMAP server. */
const IMAP_ANSWERS: Answers = {
  LIST: '* LIST () "/" INBOX\n* LIST (\\Sent) "/" Sent\n',
  STATUS: "* STATUS x (MESSAGES 2 UNSEEN 1)\n",
  "UID SEARCH": "* SEARCH 3 5\n",
  "UID SEARCH UID 1:*": "* SEARCH 3\n",
  "UID FETCH":
    '* 1 FETCH (UID 3 FLAGS (\\Flagged) RFC822.SIZE 99 INTERNALDATE NIL ENVELOPE (NIL "Tea"))\n',
  "UID FETCH 3 (UID RFC822.SIZE": "* 1 FETCH (UID 3 RFC822.SIZE 7 BODY[]<0> {7}\nhello\n)\n",
  IDLE: "+ idling\n* 1 FETCH (FLAGS (\\Seen))\n",
  DONE: "TAG OK done\n",
};

/** A dialogue with the psychotherapist. */
const TALK = `steps:
  - expect: "your problem."
  - send: "\${said}"
  - expect: { pattern: '(?<answer>In [^\\n]+)\\n' }
  - print: "She answered: \${answer}"
  - send: bye
`;

/** Listens as a router with a command line. */
function startRouter(): Deno.Listener {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  (async () => {
    for await (const connection of listener) {
      startDevice({ prompt: "router>", run: (command) => `${command}: ok\r\n` }, connection);
    }
  })();
  return listener;
}

/** Sends the time to a group of its own port, again and again. */
async function startClock(): Promise<{ readonly group: string; stop(): void }> {
  const place = { name: "lo", address: "127.0.0.1", index: 0 };
  const group = { ...TIME_OF_DAY_GROUP, port: freeDatagramPort() };
  const sender = await MulticastSender.open(systemNetwork(), group, { places: [place] });
  const datagram = encodeTimeOfDay(new Date(0), "pizza", "UTC");
  const timer = setInterval(() => void sender.send(datagram), 100);
  return {
    group: formatEndpoint(group),
    stop() {
      clearInterval(timer);
      sender[Symbol.dispose]();
    },
  };
}

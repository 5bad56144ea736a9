/**
 * `netwright news gateway`: sends articles as mail (8.6 of the book's list).
 *
 * @module
 */

import { parseAge, union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { planMailServer } from "../../mail/mail_server.ts";
import type { SmtpServerPlan } from "../../mail/smtp_options.ts";
import { NEWS_OPTIONS, planNews } from "../../news/options.ts";
import type { GatewayPlan, GatewayTarget } from "../../news/plans.ts";

/** The command. */
export const command: Command<GatewayPlan> = {
  name: "news gateway",
  summary: "send the articles of newsgroups as mail",
  operands: "URL WILDMAT…",
  count: { min: 1, max: Infinity },
  examples: [
    "news gateway nntp://n.a.b 'x.*' --subject '(?i)perl' --maildir Perl",
    "news gateway nntp://n.a.b x.y --smtp mx.a.b --to a@a.b --memory sent",
  ],
  details:
    "Each article is sent once. The first run skips the articles that a group has; --all sends them. Of\n" +
    "--subject, --from and --body, one pattern of each must match (RE2). By default prints an mbox.",
  manual: "Sent articles are recorded in --memory (in a Maildir: netwright-gateway). An\n" +
    "article is recorded after it has been delivered: if the program is killed\n" +
    "between the two, the next run sends that mail again, and says so (a Maildir\n" +
    "shows that a single article is there). None is lost. Identifiers are remembered\n" +
    "for 400 days.\n\n" +
    "The author's fields are not changed; those of news servers are left out;\n" +
    "In-Reply-To, List-Id, Archived-At and X-Loop are added. Control messages, and\n" +
    "articles with this gateway's X-Loop, are not sent. A mail whose text its server\n" +
    "refuses for good is reported once; an article above --max-size is left out.\n" +
    "A temporary refusal is followed by another attempt of the next run; a refusal\n" +
    "of the sender, of the login or of all recipients ends the run. A refused\n" +
    "digest is sent as single mails.\n\n" +
    "Exit status 4: some articles could not be sent.",
  options: {
    subject: { value: "PATTERN", many: true, help: "only articles with this in the subject" },
    from: { value: "PATTERN", many: true, help: "only articles with this in From" },
    body: { value: "PATTERN", many: true, help: "only articles with this in the text" },
    smtp: { value: "URL", help: "send by this mail server; --to names recipients" },
    to: { value: "ADDRESS", many: true, rare: true, help: "who gets the mails" },
    sender: { value: "ADDRESS", rare: true, help: "the envelope's sender (default <>)" },
    maildir: { value: "DIR", help: "deliver into this Maildir" },
    memory: { value: "FILE", help: "the record of sent articles" },
    all: { help: "send also the articles that a new group has" },
    digest: { rare: true, help: "send articles together in one mail" },
    "dry-run": { help: "list what would be sent" },
    every: { value: "TIME", rare: true, help: "look again after this time, such as 10m" },
    "max-size": { value: "SIZE", rare: true, help: "largest article (default 10MiB)" },
    ...NEWS_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...wildmats] = args.operands;
    const { server, needs } = await planNews(args, host, url);
    if (server.article !== undefined) throw new UsageError("the URL names an article");
    const groups = server.group === undefined ? wildmats : [server.group, ...wildmats];
    if (groups.length === 0) throw new UsageError("WILDMAT is missing: which groups");
    const { mail, needs: mailNeeds } = await planMailServer(args, host, args.value("smtp"));
    const target = targetOf(args, mail);
    const dryRun = args.has("dry-run");
    const memory = args.value("memory") ??
      (target.kind === "maildir" ? `${target.path}/netwright-gateway` : undefined);
    if (memory === undefined && !dryRun) {
      throw new UsageError("--memory is missing: the file for the record of sent articles");
    }
    return {
      server,
      needs: [
        mailNeeds,
        target.kind === "maildir" ? { read: [target.path], write: [target.path] } : {},
        args.has("memory") ? folderOf(memory!) : {},
      ].reduce((all, one) => union(all, one), needs),
      wildmat: groups.join(","),
      patterns: {
        subject: args.values("subject"),
        from: args.values("from"),
        body: args.values("body"),
      },
      target,
      memory,
      all: args.has("all"),
      digest: args.has("digest"),
      dryRun,
      everyMs: everyOf(args),
      maxBytes: args.bytes("max-size"),
    };
  },
  capabilities: ({ needs }) => needs,
};

/** The memory is replaced as a whole now and then: a file beside it is written first. */
function folderOf(path: string): Capabilities {
  const folder = path.slice(0, path.lastIndexOf("/") + 1) || ".";
  return { read: [folder], write: [folder] };
}

function everyOf(args: Arguments): number | undefined {
  const text = args.value("every");
  if (text === undefined) return undefined;
  if (args.has("dry-run")) throw new UsageError("--every and --dry-run exclude each other");
  const ms = parseAge(text);
  if (ms === undefined || ms === 0) throw new UsageError("--every takes a time, such as 10m or 2h");
  return ms;
}

function targetOf(args: Arguments, mail: SmtpServerPlan | undefined): GatewayTarget {
  const path = args.value("maildir");
  const to = args.values("to").map(addressOf);
  if (path !== undefined && mail !== undefined) {
    throw new UsageError("--maildir and --smtp exclude each other");
  }
  if (mail !== undefined && to.length === 0) throw new UsageError("--to is missing");
  for (const name of ["to", "sender"]) {
    if (args.has(name) && mail === undefined) throw new UsageError(`--${name} requires --smtp`);
  }
  if (mail !== undefined) {
    const sender = args.value("sender") ?? "";
    return {
      kind: "smtp",
      mail,
      to,
      sender: sender === "" || sender === "<>" ? "" : addressOf(sender),
    };
  }
  if (path === "") throw new UsageError("--maildir requires a name");
  if (path !== undefined) return { kind: "maildir", path };
  if (args.has("json") && !args.has("dry-run")) {
    throw new UsageError("--json requires --smtp, --maildir or --dry-run");
  }
  return { kind: "print" };
}

function addressOf(text: string): string {
  const address = text.trim().replace(/^<(.*)>$/, "$1");
  if (/^[^\s@<>,]+@[^\s@<>,]+$/.test(address)) return address;
  throw new UsageError(`${JSON.stringify(text)} is not an address, such as ann@a.b`);
}

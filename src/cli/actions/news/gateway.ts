/**
 * `netwright news gateway`, inside the sandbox.
 *
 * @module
 */

import { delay } from "../../../net/internal.ts";
import { type Endpoint, escapeControls, formatEndpoint } from "../../../net/mod.ts";
import {
  type GatewayEvent,
  type GatewaySummary,
  runGateway,
} from "../../../programs/gateway/mod.ts";
import type { Entity } from "../../../mime/mod.ts";
import { GatewayMemory, isThere, makeWritableFolder } from "../../../stores/internal.ts";
import type { OverviewRecord } from "../../../protocols/nntp/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import { endsCommand } from "../../connect/in_turn.ts";
import { patternCompiler } from "../../connect/text_pattern.ts";
import { textOf } from "../../mail/shown_message.ts";
import { newsOpener } from "../../news/connect.ts";
import { openSink } from "../../news/deliver_mail.ts";
import { describeFailure, EXIT, printErrorLine } from "../../terminal/failure.ts";
import type { GatewayPlan } from "../../news/plans.ts";

/** Largest article that is sent, in bytes. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Chooses articles. */
interface Choice {
  isListed(record: OverviewRecord): boolean;
  isWanted?(entity: Entity): Promise<boolean>;
}

/** The command, in the sandbox. */
export const action: Action<GatewayPlan> = {
  async run(plan, context) {
    const choice = await choiceOf(plan);
    const open = newsOpener(plan.server, context);
    while (true) {
      let failed = 0;
      try {
        failed = (await runOnce(plan, choice, open, context)).failed;
      } catch (error) {
        if (plan.everyMs === undefined || endsCommand(error, context)) throw error;
        // The next run continues there.
        await printErrorLine(describeFailure(error), "news gateway", context.stderr);
      }
      if (plan.everyMs === undefined) return failed === 0 ? EXIT.done : EXIT.partly;
      await delay(plan.everyMs, context.signal);
    }
  },
};

async function choiceOf({ patterns }: GatewayPlan): Promise<Choice> {
  const compile = await patternCompiler();
  const [subject, from, body] = [patterns.subject, patterns.from, patterns.body]
    .map((texts) => texts.map(compile));
  type Patterns = NonNullable<typeof subject>;
  const matches = (list: Patterns, text: string) =>
    list.length === 0 || list.some((pattern) => pattern.exec(text) !== null);
  return {
    isListed: (record) =>
      matches(subject!, record.subject) &&
      (from!.length === 0 || matches(from!, record.author) || matches(from!, record.from)),
    ...(body!.length > 0 && {
      isWanted: async (entity: Entity) => matches(body!, await textOf(entity)),
    }),
  };
}

async function runOnce(
  plan: GatewayPlan,
  choice: Choice,
  open: ReturnType<typeof newsOpener>,
  context: Context,
): Promise<GatewaySummary> {
  const { target, digest, memory: file, dryRun } = plan;
  const { endpoint } = plan.server.target;
  const name = "hostname" in endpoint ? endpoint.hostname : formatEndpoint(endpoint);
  if (target.kind === "maildir" && !dryRun) await makeWritableFolder(target.path);
  // Another run must not begin before this one has ended.
  using memory = file === undefined || (dryRun && !await isThere(file))
    ? undefined
    : await GatewayMemory.open(file, Date.now());
  const made = { server: name, authority: authorityOf(endpoint), digest };
  await using sink = dryRun ? undefined : await openSink(target, made, context);
  const { client, malformed } = await open();
  await using _ = client;
  const summary = await runGateway(client, {
    server: formatEndpoint(endpoint),
    host: name,
    wildmat: plan.wildmat,
    memory,
    dryRun,
    all: plan.all,
    digest,
    maxBytes: plan.maxBytes ?? MAX_BYTES,
    ...choice,
    wasDelivered: async (articles) => await sink?.wasDelivered(articles) ?? false,
    // Nothing is delivered in a dry run.
    deliver: (articles, recipients) => sink!.deliver(articles, recipients),
    onEvent: (event) => report(event, plan, context),
  });
  await client.quit();
  if (summary.groups === 0) {
    await printErrorLine(`no group matches ${plan.wildmat}`, "news gateway", context.stderr);
    return { ...summary, failed: 1 };
  }
  if (!context.quiet && !context.json) {
    const verb = dryRun ? "would be sent" : "sent";
    await context.stderr.line(
      `${counted(summary.sent, "article")} ${verb}, ${counted(summary.groups, "group")}${
        summary.failed > 0 ? `, ${summary.failed} failed` : ""
      }`,
    );
  }
  return { ...summary, failed: summary.failed + malformed() };
}

/** The server in URLs (RFC 5538 §3). */
function authorityOf(endpoint: Endpoint): string {
  if (!("hostname" in endpoint)) return "localhost";
  return formatEndpoint(endpoint).replace(/:(?:119|563)$/, "");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

async function report(
  { kind, group, article, reason }: GatewayEvent,
  { target }: GatewayPlan,
  { json, quiet, stdout, stderr }: Context,
): Promise<void> {
  if (json) return await stdout.json({ kind, group, ...article, reason });
  const name = article === undefined ? group : `${group} ${article.number}`;
  const remark = async (text: string) => {
    if (!quiet) await stderr.line(escapeControls(text));
  };
  switch (kind) {
    case "failed":
      return await printErrorLine(`${name}: ${reason}`, "news gateway", stderr);
    case "later":
      return await printErrorLine(`${name}: ${reason}; it is tried again`, "news gateway", stderr);
    case "chosen":
      return await stdout.peerLine(`${name}\t${article!.from}\t${article!.subject}`);
    case "first":
      return await remark(`${name}: seen for the first time: only later articles are sent`);
    case "renumbered":
      return await remark(
        `${name}: its numbers are lower than before: it is left alone; --all looks through it`,
      );
    case "known":
      return await remark(`${name}: it was delivered before the last run ended`);
    case "again":
      return await remark(`${name}: it may have been sent by a run that was broken off`);
    case "sent":
      if (target.kind !== "print") await remark(`${name}: ${article!.subject}`);
  }
}

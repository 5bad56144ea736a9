/**
 * The user agent of commands.
 *
 * @module
 */

import { withoutBrackets } from "../../net/internal.ts";
import {
  CapabilityError,
  ConnectError,
  exemptHosts,
  isIp,
  type Network,
  overrideNetwork,
  parseProxy,
  type RecordType,
  type RecordTypes,
} from "../../net/mod.ts";
import {
  ConnectionTransport,
  FetchTransport,
  type HttpCredentials,
  type HttpTransport,
  UserAgent,
  type UserAgentOptions,
} from "../../protocols/http/mod.ts";
import { findNetrc, parseNetrc } from "../../protocols/wire/mod.ts";
import { readTextFile } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import { clientNetwork, trustOf } from "../connect/network.ts";
import { credentialsOf } from "../login/credentials.ts";
import { wireTranscript } from "../terminal/wire.ts";
import { VERSION } from "../version.ts";
import { CookieFile } from "./cookie_jar.ts";
import type { HttpPlan, WebTarget } from "./options.ts";
import { sisterOf } from "./reachable_hosts.ts";

/** A user agent, and the cookies that it keeps. */
export interface OpenAgent extends AsyncDisposable {
  /** The agent. */
  readonly agent: UserAgent;
}

/** How an agent differs from the plan. */
export interface AgentChanges {
  /** Whether compressed bodies are asked for, and decoded. @default {false} */
  readonly compression?: boolean;
  /** Whether cookies are kept for the time of the command, if no file is named. @default {false} */
  readonly keepsCookies?: boolean;
  /** Whether the session of TLS is looked at. @default {false} */
  readonly inspect?: boolean;
  /** Whether names are looked up apart, to measure it. @default {false} */
  readonly isTimed?: boolean;
  /** How often a request is tried again, if the user does not say. */
  readonly retries?: number | undefined;
}

/**
 * Makes the agent of a command.
 *
 * @param plan How servers are asked.
 * @param targets The resources that the user named.
 * @param context Where the command runs.
 * @param changes Differences.
 * @returns The agent; disposing of it writes the file of cookies.
 */
export async function openAgent(
  plan: HttpPlan,
  targets: readonly WebTarget[],
  context: Context,
  changes: AgentChanges = {},
): Promise<OpenAgent> {
  const { connection, cookies, allowedHosts } = plan;
  const plain = await clientNetwork(connection, context, { tls: false, recorded: false });
  const network = withSystemNames(plain, context);
  const jar = cookies !== undefined || changes.keepsCookies === true
    ? await CookieFile.open(cookies)
    : undefined;
  const named = targets.flatMap(({ url }) => {
    const hostname = withoutBrackets(new URL(url).hostname);
    return [hostname, sisterOf(hostname) ?? hostname];
  });
  const options: UserAgentOptions = {
    network,
    transport: await transportOf(plan, network, context, changes),
    userAgent: plan.userAgent ?? `netwright/${VERSION}`,
    fields: plan.fields,
    credentialsFor: credentialsBy(plan, targets),
    isUnverified: connection.anyCertificate,
    insecureAuth: plan.credentials.insecureAuth || plan.unixSocket !== undefined,
    cookies: jar,
    maxRedirects: plan.maxRedirects,
    capabilities: context.capabilities,
    allowedHosts: [
      ...named,
      ...allowedHosts.filter((host) => host !== "*").map((host) => host.replace(/:\d+$/, "")),
    ],
    retries: plan.retries || (changes.retries ?? 0),
    compression: changes.compression === true,
  };
  const agent = new UserAgent(options);
  return {
    agent,
    async [Symbol.asyncDispose]() {
      agent[Symbol.dispose]();
      await jar?.save();
    },
  };
}

async function transportOf(
  plan: HttpPlan,
  network: Network,
  context: Context,
  { inspect = false, isTimed = false }: AgentChanges,
): Promise<HttpTransport> {
  const { connection, proxy, unixSocket } = plan;
  const trust = { ...await trustOf(connection), inspect };
  const transcript = connection.wire ? wireTranscript(context.stderr) : undefined;
  if (plan.http2) {
    return new FetchTransport({ network, trust, transcript, idleTimeoutMs: connection.timeoutMs });
  }
  const server = proxy === undefined ? undefined : parseProxy(proxy);
  const isExempt = exemptHosts(plan.noProxy);
  return new ConnectionTransport({
    network,
    trust,
    transcript,
    unixSocket,
    proxyFor: server === undefined ? undefined : (url) => isExempt(url) ? undefined : server,
    lookUp: isTimed ? (name) => lookUpFirst(name, context) : undefined,
    connectTimeoutMs: connection.connectTimeoutMs,
    idleTimeoutMs: connection.timeoutMs,
  });
}

async function lookUpFirst(hostname: string, context: Context): Promise<string> {
  return isIp(hostname) ? hostname : (await context.host.lookUp(hostname))[0]!;
}

/** Who logs in at an origin: who was named goes to the origin that was named, the file of hosts counts for all. */
function credentialsBy(
  plan: HttpPlan,
  targets: readonly WebTarget[],
): (url: URL) => Promise<HttpCredentials | undefined> {
  const { credentials, scheme } = plan;
  return async (url) => {
    const own = targets.find((one) => new URL(one.url).origin === url.origin);
    if (own !== undefined) {
      const { user, password, token } = await credentialsOf(
        // A token is no user's.
        credentials.tokenFile === undefined || credentials.user !== undefined
          ? credentials
          : { ...credentials, user: "" },
        own.target,
      );
      return user === undefined ? undefined : { user, password, token, scheme };
    }
    if (credentials.netrc === undefined) return undefined;
    const text = await readTextFile(credentials.netrc, { fatal: true });
    const entry = findNetrc(
      // Who stands for all others is not meant for a host that a server named.
      parseNetrc(text).filter(({ machine }) => machine !== undefined),
      url.hostname,
    );
    return entry?.password === undefined
      ? undefined
      : { user: entry.login, password: entry.password, scheme };
  };
}

/** A network on which the names that servers send us to are looked up as the system's own programs do. */
function withSystemNames(network: Network, context: Context): Network {
  return overrideNetwork(network, {
    async resolve<T extends RecordType>(name: string, type: T): Promise<RecordTypes[T]> {
      if (type !== "A" && type !== "AAAA") {
        throw new ConnectError("only addresses are looked up", {
          operation: "look up",
          peer: name,
        });
      }
      const addresses = await context.host.lookUp(name, type === "A" ? 4 : 6);
      return addresses as RecordTypes[T];
    },
  });
}

/**
 * Explains an error that the options could have prevented.
 *
 * @param error What was thrown.
 * @returns The error for the user.
 */
export function explained(error: unknown): unknown {
  if (!(error instanceof CapabilityError)) return error;
  const { reason, peer, flag } = error;
  const isElsewhere = reason === "out of scope";
  if (!isElsewhere && error.operation !== "go where the peer says") return error;
  const host = peer?.replace(/:(?:80|443)$/, "");
  return new CapabilityError(
    isElsewhere ? "this leads to another host or port" : `redirect refused: ${reason}`,
    { operation: "follow a redirect", peer, flag, hint: `--allow-host ${host} follows it` },
  );
}

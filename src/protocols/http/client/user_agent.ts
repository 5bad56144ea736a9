/**
 * The user agent: requests with redirects, logins, cookies, retries and compression.
 *
 * @module
 */

import { checkOptions, withoutBrackets } from "../../../net/internal.ts";
import {
  Deadline,
  DestinationGate,
  isLoopback,
  type Network,
  NetwrightError,
  ProtocolError,
  systemNetwork,
} from "../../../net/mod.ts";
import { Authenticator, type HttpCredentials } from "../transport/authentication.ts";
import { isRepeatable } from "../transport/body.ts";
import { ClientResponse } from "./client_response.ts";
import { ConnectionTransport } from "../transport/connection_transport.ts";
import { ACCEPTED_CODINGS, codingsOf, decoded, isKnownCoding } from "./content_coding.ts";
import {
  checkFields,
  checkMethod,
  type RequestFields,
  targetOf,
} from "../transport/http_request.ts";
import { drain } from "./drain.ts";
import { locationOf, redirected, type RedirectedRequest } from "./redirect.ts";
import { parseUrl, RequestRun } from "./request_run.ts";
import { isPassing, mayPass, retryDelay } from "./retry.ts";
import { SecureHosts } from "./secure_hosts.ts";
import type { HttpTransport, TransportResponse } from "../transport/transport.ts";
import {
  REQUEST_RULES,
  type RequestOptions,
  USER_AGENT_RULES,
  type UserAgentOptions,
} from "./user_agent_options.ts";

/** Most logins at one server for one request: a nonce may be too old. */
const MAX_LOGINS = 3;

/**
 * Asks servers of the Web, as a person's browser or a program would.
 *
 * Credentials go to their own origin only, and in clear text only if that is allowed. What a server redirects to is
 * looked at first: only `http:` and `https:`, and no address of this host or its own network unless the user named it.
 *
 * @example A page
 * ```ts
 * import { UserAgent } from "@netwright/netwright/http";
 * async function page(url: string): Promise<string> {
 *   using agent = new UserAgent({ retries: 2 });
 *   const response = await agent.request("GET", url, { timeoutMs: 10_000 });
 *   if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
 *   return await response.text();
 * }
 * ```
 */
export class UserAgent implements Disposable {
  readonly #options: UserAgentOptions;
  readonly #network: Network;
  readonly #transport: HttpTransport;
  readonly #logins = new Map<string, Promise<Authenticator | undefined>>();
  /** The credentials of URLs, by their origins. */
  readonly #named = new Map<string, string>();
  readonly #secureHosts: SecureHosts = new SecureHosts();

  /**
   * Connects to nothing yet.
   * @param options How it behaves.
   * @throws {RangeError|TypeError} If an option makes no sense.
   * @throws {InjectionError} If a field holds what would end it.
   */
  constructor(options: UserAgentOptions = {}) {
    checkOptions(options, USER_AGENT_RULES);
    checkFields(options.fields ?? []);
    this.#options = options;
    this.#network = options.network ?? systemNetwork();
    this.#transport = options.transport ??
      new ConnectionTransport({ ...options.connection, network: this.#network });
  }

  /**
   * Sends a request, and follows where it leads.
   * @param method The method, such as `GET`.
   * @param url The resource: `http:` or `https:`; a user and a password in it are credentials for its origin.
   * @param options Fields, body, and the longest time for all of it (default: none, but each silence has its limit).
   * @returns The response. Its status may be any: {@link ClientResponse.ok}.
   * @throws {UsageError} If the URL is none of the Web.
   * @throws {InjectionError} If a field holds what would end it.
   * @throws {ConnectError|TimeoutError|DisconnectedError|TlsError} If a server cannot be reached, or goes away.
   * @throws {ProtocolError} If a response is malformed, or leads round in circles.
   * @throws {CapabilityError} If a redirect leads to where it must not.
   */
  async request(
    method: string,
    url: string | URL,
    options: RequestOptions = {},
  ): Promise<ClientResponse> {
    checkOptions(options, REQUEST_RULES);
    checkFields(options.fields ?? []);
    checkMethod(method);
    const [first, credentials] = parseUrl(url);
    if (credentials !== undefined) this.#logIn(first.origin, credentials);
    const body = typeof options.body === "string"
      ? new TextEncoder().encode(options.body)
      : options.body;
    const deadline = new Deadline(
      { signal: options.signal, timeoutMs: options.timeoutMs },
      { operation: method, peer: first.href },
    );
    const fields = [...this.#options.fields ?? [], ...options.fields ?? []];
    const run = new RequestRun({ method, url: first, fields, body }, options, deadline);
    try {
      while (true) {
        const response = await this.#attempt(run);
        if (response !== undefined) return response;
      }
    } catch (error) {
      deadline[Symbol.dispose]();
      throw error;
    }
  }

  /** Closes all connections, also those of responses that are being read. */
  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]();
  }

  /** One request; undefined if another one must follow. */
  async #attempt(run: RequestRun): Promise<ClientResponse | undefined> {
    const { retries = 0, maxRetryDelayMs = 60_000, maxRedirects = 20 } = this.#options;
    run.begin();
    const { method, body } = run.request;
    const upgraded = this.#secureHosts.upgrade(run.request.url);
    if (upgraded !== run.request.url) {
      run.follow(307, "upgrade", { ...run.request, url: upgraded }, upgraded);
      return undefined;
    }
    const { url } = run.request;
    const login = await this.#loginFor(url);
    const authorization = login?.authorize({
      method,
      target: targetOf(url),
      body: body instanceof Uint8Array ? body : undefined,
    });
    if (authorization !== undefined && login!.isReadable) this.#requirePrivacy(url);
    const { fields, isAsked } = await this.#fieldsOf(run.request, authorization);
    let response: TransportResponse;
    try {
      response = await this.#transport.send({ method, url, fields, body }, {
        signal: run.signal,
        gate: this.#gateFor(url, run),
        onProvisional: run.options.onProvisional,
        onSent: run.options.onSent,
      });
    } catch (error) {
      if (run.retries >= retries || !mayPass(method, error) || !isRepeatable(body)) throw error;
      run.deadline.throwIfExpired();
      run.repeat(0, "retry");
      await run.wait(retryDelay(++run.retries, undefined));
      return undefined;
    }
    const { status, headers } = response;
    try {
      this.#secureHosts.learn(url, headers.get("strict-transport-security"));
      const set = headers.all("set-cookie");
      if (set.length > 0) await this.#options.cookies?.set(url, set);
      const wasSent = authorization !== undefined;
      const inMemory = body === undefined || body instanceof Uint8Array;
      const mayLogIn = await login?.learn(headers, status === 401, wasSent, inMemory) === true;
      if (mayLogIn && !isRepeatable(body)) {
        throw new NetwrightError("the login requires the body again, which cannot be sent twice", {
          operation: method,
          peer: url.href,
        });
      }
      if (mayLogIn && ++run.logins <= MAX_LOGINS) {
        if (login!.isReadable) this.#requirePrivacy(url);
        await release(response);
        run.repeat(status, "login");
        return undefined;
      }
      const location = maxRedirects > 0 ? locationOf(status, headers, url) : undefined;
      if (location !== undefined) {
        if (++run.redirects > maxRedirects) throw circles(maxRedirects, run);
        const next = redirected(run.request, status, location);
        if (!isRepeatable(next.body)) {
          throw new ProtocolError(
            "the redirect requires the body again, which cannot be sent twice",
            {
              operation: method,
              peer: url.href,
            },
          );
        }
        await release(response);
        run.follow(status, "redirect", next, location);
        return undefined;
      }
      const pause = isPassing(method, status) && run.retries < retries && isRepeatable(body)
        ? retryDelay(run.retries + 1, headers)
        : Infinity;
      if (pause <= Math.min(maxRetryDelayMs, run.deadline.remainingMs)) {
        run.retries++;
        await release(response);
        run.repeat(status, "retry");
        await run.wait(pause);
        return undefined;
      }
      return await this.#respond(response, run, isAsked);
    } catch (error) {
      response.close();
      throw error;
    }
  }

  async #respond(
    response: TransportResponse,
    run: RequestRun,
    isAsked: boolean,
  ): Promise<ClientResponse> {
    const { maxDecodedBytes = 1024 ** 3 } = this.#options;
    const { method, url } = run.request;
    const codings = codingsOf(response.headers.get("content-encoding"));
    const isDecoded = isAsked && method !== "HEAD" && codings.length > 0 &&
      codings.every(isKnownCoding);
    return new ClientResponse(response, {
      method,
      url,
      history: run.history,
      headMs: run.elapsedMs,
      lastMs: run.lastMs,
      isDecoded,
      body: isDecoded ? await decoded(response.body, codings, maxDecodedBytes) : response.body,
      onBytes: run.options.onBytes,
      onEnd: () => run.deadline[Symbol.dispose](),
    });
  }

  /** Takes the credentials of a URL; what was learned with the same ones stays. */
  #logIn(origin: string, { user, password }: HttpCredentials): void {
    const key = `${user}\0${password?.reveal()}`;
    if (this.#named.get(origin) === key) return;
    this.#named.set(origin, key);
    this.#logins.set(origin, Promise.resolve(new Authenticator({ user, password })));
  }

  async #loginFor(url: URL): Promise<Authenticator | undefined> {
    let login = this.#logins.get(url.origin);
    if (login === undefined) {
      login = (async () => {
        const credentials = await this.#options.credentialsFor?.(url);
        return credentials === undefined ? undefined : new Authenticator(credentials);
      })();
      this.#logins.set(url.origin, login);
    }
    return await login;
  }

  #requirePrivacy(url: URL): void {
    const hostname = withoutBrackets(url.hostname);
    const { connection, isUnverified = connection?.trust?.anyCertificate === true } = this.#options;
    const isPrivate = (url.protocol === "https:" && !isUnverified) || isLoopback(hostname) ||
      this.#options.connection?.unixSocket !== undefined;
    if (isPrivate || this.#options.insecureAuth === true) return;
    throw new NetwrightError("a password or token would be sent where others can read it", {
      operation: "log in",
      peer: url.href,
      hint:
        "https:// keeps it secret, with a certificate that is checked; --insecure-auth sends it all the same",
    });
  }

  async #fieldsOf(
    { url, fields }: RedirectedRequest,
    authorization: string | undefined,
  ): Promise<{ fields: RequestFields; isAsked: boolean }> {
    const { userAgent = "netwright", compression = true, cookies } = this.#options;
    const given = new Set(fields.map(([name]) => name.toLowerCase()));
    const all: (readonly [string, string])[] = [];
    if (!given.has("user-agent") && userAgent !== "") all.push(["User-Agent", userAgent]);
    if (!given.has("accept")) all.push(["Accept", "*/*"]);
    // The codings of a part of a file cannot be taken away.
    const isAsked = compression && !given.has("accept-encoding") && !given.has("range");
    if (isAsked) all.push(["Accept-Encoding", ACCEPTED_CODINGS]);
    if (authorization !== undefined && !given.has("authorization")) {
      all.push(["Authorization", authorization]);
    }
    const kept = await cookies?.get(url) ?? "";
    const own = fields.filter(([name]) => name.toLowerCase() === "cookie").map(([, value]) =>
      value
    );
    const cookie = [...own, kept].filter((text) => text !== "").join("; ");
    if (cookie !== "") all.push(["Cookie", cookie]);
    all.push(...fields.filter(([name, value]) => name.toLowerCase() !== "cookie" && value !== ""));
    return { fields: all, isAsked };
  }

  #gateFor(url: URL, run: RequestRun): DestinationGate | undefined {
    const { capabilities = { net: true }, allowedHosts = [] } = this.#options;
    const own = run.options.isNamedByPeer === true ? [] : [run.first.hostname];
    const named = [...own, ...allowedHosts].map((host) => withoutBrackets(host));
    const hostname = withoutBrackets(url.hostname);
    if (named.includes(hostname)) return undefined;
    return new DestinationGate({ capabilities, named });
  }
}

/** Lets the connection of a response go, which serves for the next request if its body is short. */
async function release(response: TransportResponse): Promise<void> {
  await drain(response.body);
  response.close();
}

function circles(most: number, { first, request }: RequestRun): ProtocolError {
  return new ProtocolError(
    `there are more than ${most} redirects, the last to ${request.url.href}`,
    {
      operation: request.method,
      peer: first.href,
    },
  );
}

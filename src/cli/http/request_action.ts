/**
 * Commands of one request, inside the sandbox.
 *
 * @module
 */

import { LimitError, NetwrightError, RateLimit, writeAll } from "../../net/mod.ts";
import { isThere, localName, openSpecialFile } from "../../stores/internal.ts";
import { statusError } from "../../protocols/http/internal.ts";
import {
  type ClientResponse,
  downloadTo,
  type RequestOptions,
  type UserAgent,
} from "../../protocols/http/mod.ts";
import type { Action, Context } from "../command/context.ts";
import { EXIT } from "../terminal/failure.ts";
import { Progress } from "../terminal/progress.ts";
import { explained, openAgent } from "./agent.ts";
import type { RequestPlan } from "./plans.ts";
import { openBody } from "./request_body.ts";
import { printHead, printTiming, responseFacts } from "./show_response.ts";

/** Most bytes of a body that `--json` prints. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;
/** Bytes that are read at once. */
const BUFFER_BYTES = 256 * 1024;

/** The commands of one request, in the sandbox. */
export const requestAction: Action<RequestPlan> = {
  async run(plan, context) {
    await using open = await openAgent(plan.http, [plan.target], context, {
      compression: plan.compressed,
      isTimed: plan.timing,
    });
    const label = `http ${plan.method.toLowerCase()}`;
    const hasResults = plan.output.kind === "stdout" || context.json;
    using progress = new Progress(context, { label, unit: "bytes", hasResults });
    try {
      return await request(plan, context, open.agent, progress);
    } catch (error) {
      throw explained(error);
    }
  },
};

async function request(
  plan: RequestPlan,
  context: Context,
  agent: UserAgent,
  progress: Progress,
): Promise<number> {
  const { output, http, range } = plan;
  const body = plan.body === undefined
    ? undefined
    : await openBody(plan.body, context, mayLogIn(plan));
  const fields: [string, string][] = [];
  const hasType = http.fields.some(([name]) => name.toLowerCase() === "content-type");
  if (body !== undefined && !hasType) fields.push(["Content-Type", body.type]);
  if (range !== undefined) fields.push(["Range", range]);
  const options: RequestOptions = {
    fields,
    body: body?.body,
    signal: context.signal,
    timeoutMs: http.maxTimeMs,
    onSent: (bytes) => progress.add(bytes),
  };
  if (output.kind === "stdout") {
    return await print(
      plan,
      context,
      agent,
      options,
      progress,
      (piece) => context.stdout.peerBytes(piece),
    );
  }
  if (output.kind === "nowhere") {
    return await print(plan, context, agent, options, progress, () => Promise.resolve());
  }
  // A pipe, or another thing that is no file, cannot be replaced by one.
  using special = await openSpecialFile(output.path);
  if (special === undefined) return await save(plan, output, context, agent, options, progress);
  return await print(plan, context, agent, options, progress, (piece) => writeAll(special, piece));
}

function mayLogIn({ http: { credentials, proxy }, target }: RequestPlan): boolean {
  return credentials.user !== undefined || credentials.netrc !== undefined ||
    target.target.username !== undefined || proxy?.includes("@") === true;
}

/** Writes the body to a file. */
async function save(
  plan: RequestPlan,
  { path, resume, isNamedByServer = false }: Extract<RequestPlan["output"], { kind: "file" }>,
  context: Context,
  agent: UserAgent,
  options: RequestOptions,
  progress: Progress,
): Promise<number> {
  const start = performance.now();
  const refuseOld = async (path: string): Promise<void> => {
    if (plan.overwrite || resume || !await isThere(path)) return;
    throw new NetwrightError("the file exists", {
      operation: "download",
      peer: path,
      hint: "--overwrite replaces it",
    });
  };
  if (!isNamedByServer) await refuseOld(path);
  const { file, bytes, response, isUnchanged } = await downloadTo(agent, plan.target.url, path, {
    ...options,
    method: plan.method,
    resume,
    retries: plan.http.retries,
    maxBytes: plan.maxBytes,
    ...(isNamedByServer && {
      async fileFor(response) {
        const name = await serverName(response, path);
        await refuseOld(name);
        return name;
      },
    }),
    limit: plan.rate === undefined ? undefined : new RateLimit(plan.rate),
    onProgress: (done, total, bytes) => progress.add(bytes, { name: path, done, total }),
  });
  progress.hide();
  const totalMs = performance.now() - start;
  if (context.json) {
    await context.stdout.json({ ...responseFacts(response, totalMs), file, bytes });
  } else if (!context.quiet) {
    await context.stderr.line(`${file}: ${isUnchanged ? "complete already" : `${bytes} bytes`}`);
  }
  if (plan.timing) await printTiming(response, totalMs, context.stderr);
  return EXIT.done;
}

/** Writes the body as it comes. */
async function print(
  plan: RequestPlan,
  context: Context,
  agent: UserAgent,
  options: RequestOptions,
  progress: Progress,
  write: (piece: Uint8Array) => Promise<void>,
): Promise<number> {
  const { stdout, json } = context;
  const start = performance.now();
  await using response = await agent.request(plan.method, plan.target.url, options);
  const hasFailed = response.status >= 400 && plan.failing !== "never";
  if (hasFailed && plan.failing === "quietly") throw statusError(response);
  if ((plan.include || plan.method === "HEAD") && !json) await printHead(response, stdout);
  const isPrinted = json && plan.output.kind === "stdout";
  const content = isPrinted
    ? await jsonBody(response)
    : await stream(response, plan, context, write, progress);
  const totalMs = performance.now() - start;
  if (json) await stdout.json({ ...responseFacts(response, totalMs), ...content });
  progress.hide();
  if (plan.timing && !json) await printTiming(response, totalMs, context.stderr);
  if (hasFailed) throw statusError(response);
  return EXIT.done;
}

async function stream(
  response: ClientResponse,
  { maxBytes = Infinity, rate }: RequestPlan,
  { signal }: Context,
  write: (piece: Uint8Array) => Promise<void>,
  progress: Progress,
): Promise<void> {
  const limited = async (piece: Uint8Array): Promise<void> => {
    if (response.bytesRead > maxBytes) {
      throw new LimitError(`the body has more than ${maxBytes} bytes`, {
        operation: "read the body",
        peer: response.url,
        limit: maxBytes,
      });
    }
    progress.add(piece.length);
    await write(piece);
  };
  if (rate !== undefined) {
    for await (const piece of new RateLimit(rate).slow(response, signal)) await limited(piece);
    return;
  }
  const buffer = new Uint8Array(BUFFER_BYTES);
  for (let count; (count = await response.read(buffer)) !== null;) {
    await limited(buffer.subarray(0, count));
  }
}

/** The body for JSON: as text if it is UTF-8, else in base64. */
async function jsonBody(response: ClientResponse): Promise<Record<string, string>> {
  const bytes = await response.bytes(MAX_JSON_BYTES);
  try {
    return { body: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { base64: bytes.toBase64() };
  }
}

/** The name that the server gives the file (RFC 6266), made safe. */
async function serverName(response: ClientResponse, otherwise: string): Promise<string> {
  const { parseParameters } = await import("../../mime/mod.ts");
  const field = response.headers.get("content-disposition") ?? "";
  const bytes = Uint8Array.from(field, (character) => character.charCodeAt(0));
  const name = parseParameters(new TextDecoder().decode(bytes)).parameters.get("filename");
  return name === undefined ? otherwise : localName(name, otherwise);
}

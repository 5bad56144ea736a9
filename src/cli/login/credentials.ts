/**
 * The user name, and the password: from the URL, a file, netrc, the environment, or a prompt; in
 * this order, and never printed.
 *
 * @module
 */

import type { Target } from "../../net/internal.ts";
import { NetwrightError, UsageError, type WaitOptions } from "../../net/mod.ts";
import { findNetrc, parseNetrc, Secret } from "../../protocols/wire/mod.ts";
import { readTextFile } from "../../stores/internal.ts";
import { askSecret } from "../terminal/prompts.ts";
import { firstLineOfFile, firstLineOfProgram } from "../connect/secret_line.ts";
import { processTerminal } from "../terminal/terminal.ts";
import { type CredentialPlan, userOf, VARIABLE } from "./credential_options.ts";

/** Who logs in. */
export interface Credentials {
  /** The name; undefined if none was given. */
  readonly user: string | undefined;
  /** The password; undefined without a user, or with a token. */
  readonly password: Secret | undefined;
  /** An OAuth access token. */
  readonly token?: Secret | undefined;
}

/**
 * Finds user and password.
 *
 * @param plan The credentials, as the options give them.
 * @param target The server.
 * @returns Both, or neither.
 * @throws {UsageError} If a user is named without a password, and no terminal is there for a prompt.
 */
export async function credentialsOf(plan: CredentialPlan, target: Target): Promise<Credentials> {
  const { passwordFile: file, netrc } = plan;
  const user = userOf(plan, target);
  if (user !== undefined && target.password !== undefined) {
    return { user, password: new Secret(target.password) };
  }
  const token = await tokenOf(plan);
  if (token !== undefined) {
    if (user === undefined) throw new UsageError("a token requires --user, or a user in the URL");
    return { user, password: undefined, token };
  }
  if (file !== undefined) {
    if (user === undefined) {
      throw new UsageError("--password-file requires --user, or one in the URL");
    }
    return { user, password: await passwordIn(file, plan) };
  }
  if (netrc !== undefined && "hostname" in target.endpoint) {
    const { hostname } = target.endpoint;
    const entry = findNetrc(parseNetrc(await readTextFile(netrc, { fatal: true })), hostname, user);
    if (entry?.password !== undefined) {
      return { user: user ?? entry.login, password: entry.password };
    }
  }
  if (user === undefined) return { user, password: undefined };
  const known = Deno.env.get(VARIABLE);
  if (known !== undefined) return { user, password: new Secret(known) };
  if (!processTerminal.isTerminal) {
    throw new UsageError(
      `no password for ${user}: name --password-file or --netrc, or set ${VARIABLE}`,
    );
  }
  const host = "hostname" in target.endpoint ? `@${target.endpoint.hostname}` : "";
  return { user, password: await askSecret(processTerminal, `Password for ${user}${host}:`) };
}

async function tokenOf(plan: CredentialPlan): Promise<Secret | undefined> {
  const { tokenFile: file, tokenCommand: [program, ...words] = [] } = plan;
  if (program === undefined && file === undefined) return undefined;
  const line = program === undefined
    ? await firstLineOfFile(file!, timeOf(plan))
    : await firstLineOfProgram(program, words, timeOf(plan));
  const token = line.trim();
  const defect = token === ""
    ? "its first line is empty"
    : /[^\x21-\x7e]/.test(token)
    ? "its first line is not a token: it holds blanks, or characters other than ASCII"
    : undefined;
  if (defect === undefined) return new Secret(token);
  throw new NetwrightError(defect, { operation: "log in", peer: program ?? file });
}

async function passwordIn(file: string, plan: CredentialPlan): Promise<Secret> {
  const line = await firstLineOfFile(file, timeOf(plan));
  if (line !== "") return new Secret(line);
  throw new NetwrightError("its first line is empty", { operation: "log in", peer: file });
}

function timeOf({ timeoutMs }: CredentialPlan): WaitOptions {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

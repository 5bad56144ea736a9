/**
 * Service modules of the user, as the command line serves them. The launcher never loads them: options set their
 * permissions, and they are loaded inside the sandbox.
 *
 * @module
 */

import { union } from "../../net/internal.ts";
import { type Capabilities, type Scope, UnsupportedError, UsageError } from "../../net/mod.ts";
import { moduleScope } from "../../services/internal.ts";
import type { ServiceModule, ServiceOptions } from "../../services/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";

/** Options that only modules of the user's own have. */
export const OWN_SERVICE_OPTIONS: OptionSpecs = {
  set: { value: "NAME=VALUE", many: true, help: "an option of the module" },
  "allow-net": { value: "HOST", optionalValue: true, help: "hosts it may reach; alone: all" },
  "allow-read": { value: "PATH", optionalValue: true, help: "files it may read, or import" },
  "allow-write": { value: "PATH", optionalValue: true, help: "files it may write" },
  "allow-env": { value: "NAME", optionalValue: true, help: "variables it may read" },
};

/**
 * Checks whether a service is named by the path of a module.
 *
 * @param word The operand as typed.
 * @returns Whether it is a path, such as `./adder.ts`.
 */
export function isModulePath(word: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(word) && !word.startsWith("-");
}

/**
 * Plans a module of the user's own.
 *
 * @param path Its path.
 * @param args The command line.
 * @returns Everything that is known before the module is loaded.
 * @throws {UnsupportedError} If it is TypeScript, and this is the executable.
 */
export function ownService(path: string, args: Arguments): ServiceModule {
  if (Deno.build.standalone && /ts$/.test(path)) {
    throw new UnsupportedError("the executable runs modules in JavaScript only", {
      hint: `deno bundle ${path} -o ${path.replace(/ts$/, "js")}`,
    });
  }
  const address = new URL(`file://${absolute(path).split("/").map(encodeURIComponent).join("/")}`);
  const needs = union(allowed(args), moduleScope(address.href));
  const later = (): never => {
    throw new Error("a module of the user's own is loaded in the sandbox only");
  };
  return {
    name: address.href,
    summary: path,
    port: 0,
    isForPeople: true,
    parse: ({ options }) => options,
    capabilities: () => needs,
    stream: later,
    datagram: later,
  };
}

function absolute(path: string): string {
  if (/^file:\/\//.test(path)) return decodeURIComponent(new URL(path).pathname);
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) {
    throw new UsageError(`${JSON.stringify(path)} is not a local file`);
  }
  if (path.startsWith("/")) return path;
  return `${Deno.cwd()}/${path}`;
}

/** The capabilities that the user gave it. */
function allowed(args: Arguments): Capabilities {
  const scope = (name: string): Scope | undefined => {
    const value = args.value(name);
    if (value === undefined || value === "") return value === undefined ? undefined : true;
    const parts = value.split(",");
    if (parts.some((part) => part.trim() === "" || /\s/.test(part) && name === "allow-net")) {
      throw new UsageError(`--${name} must be a list of names without blanks, such as a,b`);
    }
    return parts;
  };
  return Object.fromEntries(
    (["net", "read", "write", "env"] as const).flatMap((kind) => {
      const found = scope(`allow-${kind}`);
      return found === undefined ? [] : [[kind, found]];
    }),
  );
}

/**
 * Reads the options of a module.
 *
 * @param args The command line.
 * @returns Its options by their names.
 * @throws {UsageError} If one is malformed, or was given twice.
 */
export function ownOptions(args: Arguments): ServiceOptions {
  const options: Record<string, string> = {};
  for (const text of args.values("set")) {
    const [, name, value = "yes"] = /^([\w-]+)(?:=(.*))?$/s.exec(text) ?? [];
    if (name === undefined) throw new UsageError("--set takes NAME=VALUE");
    if (Object.hasOwn(options, name)) throw new UsageError(`--set ${name} was given twice`);
    options[name] = value;
  }
  return options;
}

/**
 * Refuses options that a loaded module does not have.
 *
 * @param module The module; one that lists no options takes any.
 * @param options The options of the command line.
 * @throws {UsageError} Naming the first that it does not have.
 */
export function refuseUnknownOptions(module: ServiceModule, options: ServiceOptions): void {
  const { name, options: known } = module;
  if (known === undefined) return;
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(known, option));
  if (unknown === undefined) return;
  const names = Object.keys(known);
  throw new UsageError(
    `${name} has no option "${unknown}"` + (names.length > 0 ? `; it has ${names.join(", ")}` : ""),
  );
}

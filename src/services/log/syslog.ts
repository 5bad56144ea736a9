/**
 * Collects messages of syslog.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import { byteAmount } from "../core/option_values.ts";
import type { ServiceModule, ServiceOptions } from "../core/service.ts";
import { parseSelector } from "./selector.ts";
import type { SyslogConfiguration } from "./_syslog_configuration.ts";

const FORMS = ["text", "json", "raw"] as const;
const DEFAULT_KEEP = 5;
/** Senders keep connections open for days without a word. */
const IDLE_MS = 7 * 24 * 3600 * 1000;
/** One host may log more in a second than a client may ask of other services. */
const CLIENT_RATE = 1_000_000;

/** The collector. */
export const service: ServiceModule<SyslogConfiguration> = {
  name: "syslog",
  summary: "collect messages of syslog (RFC 5424, 3164)",
  port: 601,
  datagramPort: 514,
  idleTimeoutMs: IDLE_MS,
  clientRate: CLIENT_RATE,
  options: {
    file: { value: "FILE", help: "append messages to it (default: standard output)" },
    form: { value: "FORM", help: "text, json, or raw (default text)" },
    select: { value: "SELECTOR", help: "such as 'mail.err;*.crit' (default *.*)" },
    rotate: { value: "SIZE", help: "set the file aside as FILE.1 from this size", rare: true },
    keep: { value: "N", help: `how many of those (default ${DEFAULT_KEEP})`, rare: true },
    fold: { help: "write repeated messages once, and how often", rare: true },
    "from-host": { value: "NAMES", help: "only of these hosts: a,b*", rare: true },
    program: { value: "NAMES", help: "only of these programs: su,sshd*", rare: true },
    "max-size": { value: "SIZE", help: "cut off longer messages (default 64KiB)", rare: true },
  },
  examples: ["--udp --listen 0.0.0.0:514 --file all.log"],
  parse({ options }) {
    const { file, form = "text", rotate, keep } = options;
    if (file === "" || file?.endsWith("/")) throw new UsageError("--file takes the name of a file");
    if (!FORMS.includes(form as "text")) throw new UsageError(`--form takes ${FORMS.join(", ")}`);
    if ((rotate ?? keep) !== undefined && file === undefined) {
      throw new UsageError("--rotate and --keep require --file");
    }
    if (keep !== undefined && !/^\d{1,3}$/.test(keep)) {
      throw new UsageError("--keep takes a number up to 999");
    }
    return {
      selector: parseSelector(options.select ?? "*.*"),
      hosts: namesOf(options, "from-host"),
      programs: namesOf(options, "program"),
      form: form as "text",
      file,
      rotateBytes: byteAmount(options, "rotate"),
      keep: keep === undefined ? DEFAULT_KEEP : Number(keep),
      folds: options.fold !== undefined,
      maxBytes: byteAmount(options, "max-size") ?? 64 * 1024,
    };
  },
  capabilities({ file, rotateBytes, keep }) {
    if (file === undefined) return {};
    const aside = rotateBytes === undefined
      ? []
      : Array.from({ length: keep }, (_, at) => `${file}.${at + 1}`);
    return { read: [file, ...aside], write: [file, ...aside] };
  },
  stream: async (configuration) => {
    return await (await import("./_syslog_service.ts")).syslogStream(configuration);
  },
  datagram: async (configuration) => {
    return await (await import("./_syslog_service.ts")).syslogDatagrams(configuration);
  },
};

function namesOf(options: ServiceOptions, name: string): string[] {
  const text = options[name];
  if (text === undefined) return [];
  const names = text.split(",").map((one) => one.trim().toLowerCase());
  if (names.includes("")) throw new UsageError(`--${name} takes names, divided by commas`);
  return names;
}

/**
 * Puts another program in the place of the sandbox's first module: loaded before the launcher, by `--preload`.
 *
 * @module
 */

const SOURCES: Readonly<Record<string, string>> = {
  close: "self.onmessage = () => self.close();",
  exit: "self.onmessage = () => Deno.exit(7);",
};

const source = SOURCES[Deno.env.get("OTHER_WORKER") ?? ""]!;
const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
const RealWorker = globalThis.Worker;

globalThis.Worker = class extends RealWorker {
  constructor() {
    super(url, { type: "module" });
  }
};

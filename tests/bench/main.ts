/**
 * Runs the benchmarks named as arguments, or all: `deno task bench line_reader`.
 *
 * @module
 */

const BENCHES: Readonly<Record<string, () => Promise<{ bench(): Promise<void> }>>> = {
  line_reader: () => import("./line_reader.ts"),
  command_channel: () => import("./command_channel.ts"),
  start_up: () => import("./start_up.ts"),
  echo: () => import("./echo.ts"),
  http: () => import("./http.ts"),
  idle: () => import("./idle.ts"),
  ftp: () => import("./ftp.ts"),
  datagrams: () => import("./datagrams.ts"),
  mime: () => import("./mime.ts"),
  smtp: () => import("./smtp.ts"),
};

if (import.meta.main) {
  const names = Deno.args.length > 0 ? Deno.args : Object.keys(BENCHES);
  for (const name of names) {
    const load = BENCHES[name];
    if (load === undefined) {
      console.error(`no benchmark ${name}: there are ${Object.keys(BENCHES).join(", ")}`);
      Deno.exit(2);
    }
    await (await load()).bench();
  }
}

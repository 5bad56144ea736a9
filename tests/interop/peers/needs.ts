/**
 * Whether a peer is there; under `CI=true` it must be.
 *
 * @module
 */

/** Where Debian keeps programs; some are not on a user's path. */
export const PATH = `${Deno.env.get("PATH")}:/usr/sbin:/sbin`;

/** Whether a program is installed. */
export async function needs(program: string): Promise<boolean> {
  return await succeeds(program, `command -v ${program}`);
}

/** Whether Perl has a module. */
export async function needsPerl(module: string): Promise<boolean> {
  return await succeeds(`Perl's ${module}`, `perl -M${module} -e 1 2>&1`);
}

async function succeeds(what: string, script: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", script],
    env: { PATH },
    stdout: "null",
  }).output();
  if (!success && Deno.env.get("CI") === "true") throw new Error(`${what} is missing`);
  return success;
}

/**
 * Whether a peer is there; under `CI=true` it must be.
 *
 * @module
 */

/** Where Debian keeps programs; some are not on a user's path. */
export const PATH = `${Deno.env.get("PATH")}:/usr/sbin:/sbin`;

/** Whether a program is installed. */
export async function needs(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `command -v ${program}`],
    env: { PATH },
    stdout: "null",
  }).output();
  if (!success && Deno.env.get("CI") === "true") throw new Error(`${program} is missing`);
  return success;
}

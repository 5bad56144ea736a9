/**
 * The files that a release has beside the executable.
 *
 * @module
 */

import { COMPLETION_SCRIPTS } from "../../src/cli/command/completion_scripts.ts";
import { writeManPages } from "../man_pages.ts";

/** Documents of the repository that go into each release. */
export const DOCUMENTS = [
  ...["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"],
  ...["docs/dialogues/change_password.yaml", "docs/dialogues/remote_ps.yaml"],
] as const;

/** What each shell calls the file of its completions. */
export const COMPLETIONS: Readonly<Record<keyof typeof COMPLETION_SCRIPTS, string>> = {
  bash: "netwright",
  zsh: "_netwright",
  fish: "netwright.fish",
};

/**
 * Writes documents, man pages and completions into a folder.
 *
 * @param folder Where.
 */
export async function writeFiles(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/docs/dialogues`, { recursive: true });
  for (const file of DOCUMENTS) await Deno.copyFile(file, `${folder}/${file}`);
  await writeManPages(`${folder}/man`);
  for (const [shell, script] of Object.entries(COMPLETION_SCRIPTS)) {
    const file = COMPLETIONS[shell as keyof typeof COMPLETION_SCRIPTS];
    await Deno.mkdir(`${folder}/completions/${shell}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/completions/${shell}/${file}`, script);
  }
}

/**
 * Runs a program.
 *
 * @param program Its name.
 * @param args Its arguments.
 * @param env Variables beside those of this process.
 * @throws {Error} With its words if it fails, or is not there.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const command = new Deno.Command(program, {
    args: [...args],
    env,
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
}

/**
 * Gives the time that all files of a release bear, so that the same sources make the same archives.
 *
 * @returns Seconds since 1970: `SOURCE_DATE_EPOCH`, or the last commit's time.
 */
export async function releaseTime(): Promise<string> {
  const given = Deno.env.get("SOURCE_DATE_EPOCH");
  if (given !== undefined && !/^\d+$/.test(given)) {
    throw new Error("SOURCE_DATE_EPOCH must be a number of seconds");
  }
  if (given !== undefined) return given;
  const { stdout } = await new Deno.Command("git", { args: ["log", "-1", "--format=%ct"] })
    .output();
  return new TextDecoder().decode(stdout).trim();
}

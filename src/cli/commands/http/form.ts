/**
 * `netwright http form`: the forms of a page, listed, filled in and sent (9.2 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { PAGE_OPTIONS, type PagePlan, planPage } from "../../http/page_options.ts";

/** One form that is filled in and sent. */
export interface FormStep {
  /** Which form of the page, by its name or its number from 1; the first that fits if absent. */
  readonly form: string | undefined;
  /** Names and values. */
  readonly values: readonly (readonly [name: string, value: string])[];
  /** The button that is pressed; the first one if absent. */
  readonly button: string | undefined;
}

/** The page, and what is sent. */
export interface FormPlan {
  /** The page. */
  readonly page: PagePlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Forms that are sent, each of the page that the one before led to; forms are listed if there are none. */
  readonly steps: readonly FormStep[];
  /** Whether values are sent that the form does not have. */
  readonly mayAdd: boolean;
  /** Whether the forms of the last page are listed, not the page printed. */
  readonly listsResult: boolean;
}

/** The command. */
export const command: Command<FormPlan> = {
  name: "http form",
  summary: "list, fill in and send the forms of a page",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: [
    "http form https://example.org/login",
    "http form https://a.b/login --set user=ann --set 2:query=dogs",
  ],
  details:
    "Without --set and --submit the forms are listed; else the page that the last one leads to is\n" +
    "printed. 2:NAME=VALUE is for a form on the page that the first one led to. Hidden fields and cookies\n" +
    "go along; @FILE is for a field that takes a file.",
  options: {
    set: { value: "[STEP:]NAME=VALUE", many: true, help: "fill a field in" },
    submit: {
      value: "[STEP:][BUTTON]",
      optionalValue: true,
      many: true,
      help: "send the form, by this button",
    },
    select: { rare: true, value: "[STEP:]FORM", many: true, help: "this form, by name or number" },
    add: { rare: true, help: "send also values that the form has no field for" },
    "list-result": { rare: true, help: "list the forms of the last page" },
    ...PAGE_OPTIONS,
  },
  async plan(args, host) {
    const { page, needs } = await planPage(args, host);
    const steps: { form?: string; values: [string, string][]; button?: string }[] = [];
    const step = (text: string) => {
      const [, number = "1", rest = text] = /^(\d{1,2}):(.*)$/s.exec(text) ?? [];
      const index = Number(number) - 1;
      if (index < 0) throw new UsageError("steps are counted from 1");
      while (steps.length <= index) steps.push({ values: [] });
      return { at: steps[index]!, rest };
    };
    const files: string[] = [];
    for (const text of args.values("set")) {
      const { at, rest } = step(text);
      const equals = rest.indexOf("=");
      if (equals <= 0) throw new UsageError("--set takes NAME=VALUE");
      const value = rest.slice(equals + 1);
      at.values.push([rest.slice(0, equals), value]);
      // Which fields take files is known only when the page has come.
      if (value.startsWith("@")) files.push(value.slice(1));
    }
    for (const text of args.values("submit")) {
      const { at, rest } = step(text);
      if (rest !== "") at.button = rest;
    }
    for (const text of args.values("select")) {
      const { at, rest } = step(text);
      at.form = rest;
    }
    return {
      page,
      needs: files.length === 0 ? needs : union(needs, { read: files }),
      steps: steps.map(({ form, values, button }) => ({ form, values, button })),
      mayAdd: args.has("add"),
      listsResult: args.has("list-result"),
    };
  },
  capabilities: ({ needs }) => needs,
};

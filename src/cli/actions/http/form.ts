/**
 * `netwright http form`, inside the sandbox.
 *
 * @module
 */

import { ProtocolError, UsageError } from "../../../net/mod.ts";
import { type FilledValue, fillForm, type PageForm, readPage } from "../../../programs/web/mod.ts";
import {
  multipartForm,
  type RequestOptions,
  urlencodedForm,
  type UserAgent,
} from "../../../protocols/http/mod.ts";
import { mediaTypeOf } from "../../../reference/mod.ts";
import { openFile } from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import type { FormPlan, FormStep } from "../../commands/http/form.ts";
import { explained, openAgent } from "../../http/agent.ts";
import { type FetchedPage, fetchPage } from "../../http/page.ts";
import { EXIT } from "../../terminal/failure.ts";

/** The command, in the sandbox. */
export const action: Action<FormPlan> = {
  async run(plan, context) {
    const { page: { http, target }, steps } = plan;
    await using open = await openAgent(http, [target], context, {
      compression: true,
      keepsCookies: true,
    });
    try {
      let page = await fetchPage(open.agent, plan.page, context);
      for (const [index, step] of steps.entries()) {
        page = await send(open.agent, plan, step, page, index + 1, context);
      }
      if (steps.length === 0 || plan.listsResult) await list(page, context);
      else if (context.json) {
        const { url, status } = page.response;
        await context.stdout.json({ url, status, body: page.html });
      } else await context.stdout.peerBytes(new TextEncoder().encode(page.html));
    } catch (error) {
      throw explained(error);
    }
    return EXIT.done;
  },
};

async function list({ html, response }: FetchedPage, { stdout, json }: Context): Promise<void> {
  const { forms } = await readPage(html, response.url, { withLinks: false });
  for (const [index, form] of forms.entries()) {
    if (json) {
      await stdout.json({ number: index + 1, ...form });
      continue;
    }
    if (index > 0) await stdout.line();
    const name = form.name === "" ? "" : ` ${form.name}`;
    const how = form.encoding === "urlencoded" ? "" : ` (${form.encoding})`;
    await stdout.peerLine(
      `form ${index + 1}${name}: ${form.method} ${form.action ?? "to no URL"}${how}`,
    );
    for (const field of form.fields) {
      const { name, type, value, isRequired, isDisabled, isChosen } = field;
      const options = (field.options ?? []).map(({ value, text }) =>
        text === value || text === "" ? value : `${value} (${text})`
      );
      const remarks = [
        ...isRequired ? ["required"] : [],
        ...isDisabled ? ["disabled"] : [],
        ...(type === "checkbox" || type === "radio") && isChosen ? ["chosen"] : [],
        ...options.length > 0 ? [`one of ${options.slice(0, 20).join(", ")}`] : [],
      ];
      const remark = remarks.length === 0 ? "" : `  [${remarks.join("; ")}]`;
      await stdout.peerLine(`  ${type.padEnd(9)} ${name}=${value}${remark}`.trimEnd());
    }
  }
}

async function send(
  agent: UserAgent,
  { page: plan, mayAdd }: FormPlan,
  step: FormStep,
  { html, response }: FetchedPage,
  number: number,
  context: Context,
): Promise<FetchedPage> {
  const { forms } = await readPage(html, response.url, { withLinks: false });
  const form = chooseForm(forms, step, response.url, number);
  if (form.action === undefined || !/^https?:/.test(form.action)) {
    throw new ProtocolError("the form goes to no URL of the Web", {
      operation: "send a form",
      peer: response.url,
    });
  }
  const values = fillForm(form, step.values, step.button, mayAdd);
  const url = new URL(form.action);
  if (form.method === "GET") {
    url.search = urlencodedForm(values.map(({ name, value }) => [name, value]));
    return await fetchPage(agent, plan, context, { url: url.href });
  }
  return await fetchPage(agent, plan, context, {
    url: url.href,
    method: "POST",
    ...await bodyOf(form, values),
  });
}

async function bodyOf(
  { encoding }: PageForm,
  values: readonly FilledValue[],
): Promise<Pick<RequestOptions, "body" | "fields">> {
  if (encoding === "multipart") {
    const parts = [];
    for (const { name, value, isFile } of values) {
      if (!isFile) {
        parts.push({ name, content: value });
        continue;
      }
      const path = pathOf(name, value);
      const { size, pieces } = await openFile(path);
      await pieces.return();
      const fileName = path.slice(path.lastIndexOf("/") + 1);
      parts.push({
        name,
        content: async function* () {
          yield* (await openFile(path)).pieces;
        },
        bytes: size,
        fileName,
        type: mediaTypeOf(fileName) || "application/octet-stream",
      });
    }
    const { body, contentType } = multipartForm(parts);
    return { body, fields: [["Content-Type", contentType]] };
  }
  if (encoding === "text") {
    const text = values.map(({ name, value }) => `${name}=${value}\r\n`).join("");
    return { body: text, fields: [["Content-Type", "text/plain"]] };
  }
  return {
    body: urlencodedForm(values.map(({ name, value }) => [name, value])),
    fields: [["Content-Type", "application/x-www-form-urlencoded"]],
  };
}

function pathOf(name: string, value: string): string {
  if (value.startsWith("@") && value.length > 1) return value.slice(1);
  throw new UsageError(`the field ${name} takes a file: --set ${name}=@FILE`);
}

/** By name or number; else the first one that has all fields that are set. */
function chooseForm(
  forms: readonly PageForm[],
  { form: named, values }: FormStep,
  url: string,
  number: number,
): PageForm {
  const context = { operation: "send a form", peer: url };
  if (forms.length === 0) throw new ProtocolError("the page has no form", context);
  if (named !== undefined) {
    const found = forms.find(({ name }) => name === named) ??
      (/^\d{1,4}$/.test(named) ? forms[Number(named) - 1] : undefined);
    if (found !== undefined) return found;
    throw new UsageError(`step ${number}: the page has no form ${JSON.stringify(named)}`);
  }
  const has = (form: PageForm): boolean =>
    values.every(([wanted]) => form.fields.some(({ name }) => name === wanted));
  return forms.find(has) ?? forms[0]!;
}

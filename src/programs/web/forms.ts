/**
 * Forms of pages: what they ask for, and what is sent when they are filled in (WHATWG HTML §4.10).
 *
 * @module
 */

import { LimitError, UsageError } from "../../net/mod.ts";

/** One control of a form. */
export interface FormField {
  /** Its name; controls without one are not sent. */
  readonly name: string;
  /** Its type: `text`, `hidden`, `checkbox`, `select`, `textarea`, `submit` … */
  readonly type: string;
  /** Its value. */
  readonly value: string;
  /** Whether it counts as it stands: of a checkbox, a radio button, an option. */
  readonly isChosen: boolean;
  /** The values of a list. */
  readonly options?: readonly FormOption[];
  /** Whether several values of a list may be chosen. */
  readonly isMultiple?: boolean;
  /** Whether it must not be empty. */
  readonly isRequired: boolean;
  /** Whether it is not sent. */
  readonly isDisabled: boolean;
}

/** One value of a list. */
export interface FormOption {
  /** The value that is sent. */
  readonly value: string;
  /** What is shown for it. */
  readonly text: string;
  /** Whether it is chosen. */
  readonly isChosen: boolean;
}

/** A form. */
export interface PageForm {
  /** Its name or identifier; empty if it has neither. */
  readonly name: string;
  /** Where it goes; undefined if that is no URL. */
  readonly action: string | undefined;
  /** `GET` or `POST`. */
  readonly method: "GET" | "POST";
  /** How values are sent. */
  readonly encoding: "urlencoded" | "multipart" | "text";
  /** Its controls. */
  readonly fields: readonly FormField[];
}

/** Most controls of one page. */
const MAX_FIELDS = 200_000;
/** Longest text of a control, in characters. */
const MAX_VALUE = 1024 * 1024;

interface OpenForm {
  readonly attributes: Readonly<Record<string, string>>;
  readonly fields: Open<FormField>[];
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** Collects forms while a page is read. */
export class FormCollector {
  readonly #forms: OpenForm[] = [];
  readonly #byId = new Map<string, OpenForm>();
  #form: OpenForm | undefined;
  #count = 0;
  #area: Open<FormField> | undefined;
  #list: { field: Open<FormField>; options: Open<FormOption>[] } | undefined;
  #option: { option: Open<FormOption>; hasValue: boolean } | undefined;

  /** An element begins. */
  open(element: string, attributes: Readonly<Record<string, string>>): void {
    switch (element) {
      case "form":
        this.#form = { attributes, fields: [] };
        this.#forms.push(this.#form);
        if (attributes.id !== undefined && !this.#byId.has(attributes.id)) {
          this.#byId.set(attributes.id, this.#form);
        }
        return;
      case "input":
      case "button":
        this.#add(inputField(element, attributes), attributes);
        return;
      case "textarea":
        this.#area = this.#add({ ...common(attributes), type: "textarea", value: "" }, attributes);
        return;
      case "select": {
        const options: Open<FormOption>[] = [];
        const field = this.#add({
          ...common(attributes),
          type: "select",
          value: "",
          options,
          isMultiple: "multiple" in attributes,
        }, attributes);
        this.#list = field === undefined ? undefined : { field, options };
        return;
      }
      case "optgroup":
        return this.#endOption();
      case "option": {
        // Its end need not be written.
        this.#endOption();
        if (this.#list === undefined) return;
        this.#countOne();
        const option = {
          value: attributes.value ?? "",
          text: "",
          isChosen: "selected" in attributes,
        };
        this.#list.options.push(option);
        this.#option = { option, hasValue: "value" in attributes };
      }
    }
  }

  /** An element ends. */
  close(element: string): void {
    if (element === "form") this.#form = undefined;
    if (element === "textarea" && this.#area !== undefined) {
      // The first end of line is for whoever reads the HTML.
      this.#area.value = this.#area.value.replace(/^\r?\n/, "");
      this.#area = undefined;
    }
    if (element === "option" || element === "select") this.#endOption();
    if (element === "select") this.#list = undefined;
  }

  /** Text comes. */
  text(text: string): void {
    if (this.#area !== undefined && this.#area.value.length < MAX_VALUE) this.#area.value += text;
    if (this.#option !== undefined && this.#option.option.text.length < MAX_VALUE) {
      this.#option.option.text += text;
    }
  }

  /**
   * Gives the forms.
   * @param resolve Makes a URL absolute.
   * @returns The forms, in order.
   */
  forms(resolve: (written: string) => string | undefined): PageForm[] {
    return this.#forms.map(({ attributes, fields }) => ({
      name: attributes.name ?? attributes.id ?? "",
      action: resolve(attributes.action ?? ""),
      method: attributes.method?.toLowerCase() === "post" ? "POST" : "GET",
      encoding: encodingOf(attributes.enctype),
      fields,
    }));
  }

  #countOne(): void {
    if (++this.#count <= MAX_FIELDS) return;
    throw new LimitError(`the page has more than ${MAX_FIELDS} fields`, {
      operation: "read a form",
      limit: MAX_FIELDS,
    });
  }

  #endOption(): void {
    if (this.#option === undefined) return;
    const { option, hasValue } = this.#option;
    option.text = option.text.replace(/\s+/g, " ").trim();
    if (!hasValue) option.value = option.text;
    this.#option = undefined;
  }

  #add(
    field: FormField,
    attributes: Readonly<Record<string, string>>,
  ): Open<FormField> | undefined {
    this.#countOne();
    const named = attributes.form;
    const form = named === undefined ? this.#form : this.#byId.get(named) ?? this.#form;
    const open: Open<FormField> = { ...field };
    form?.fields.push(open);
    return form === undefined ? undefined : open;
  }
}

function common(attributes: Readonly<Record<string, string>>) {
  return {
    name: attributes.name ?? "",
    isChosen: true,
    isRequired: "required" in attributes,
    isDisabled: "disabled" in attributes,
  };
}

function inputField(element: string, attributes: Readonly<Record<string, string>>): FormField {
  const type = (attributes.type ?? (element === "button" ? "submit" : "text")).toLowerCase();
  const isMark = type === "checkbox" || type === "radio";
  return {
    ...common(attributes),
    type,
    value: attributes.value ?? (isMark ? "on" : ""),
    isChosen: isMark ? "checked" in attributes : true,
  };
}

function encodingOf(type = ""): PageForm["encoding"] {
  if (type.toLowerCase() === "multipart/form-data") return "multipart";
  return type.toLowerCase() === "text/plain" ? "text" : "urlencoded";
}

/** A value that is sent, or the path of a file. */
export interface FilledValue {
  /** The control's name. */
  readonly name: string;
  /** The value. */
  readonly value: string;
  /** Whether the value is the path of a file. */
  readonly isFile: boolean;
}

const BUTTONS = ["submit", "image", "button", "reset"];

/**
 * Fills in a form.
 *
 * @param form The form.
 * @param given Names and values; a control that the form does not have is added only if `mayAdd` says so.
 * @param button The name or value of the button that is pressed; the first one if absent.
 * @param mayAdd Whether values without a control are sent.
 * @returns What is sent, in order.
 * @throws {UsageError} If there is no such control, value or button.
 */
export function fillForm(
  form: PageForm,
  given: readonly (readonly [name: string, value: string])[],
  button?: string,
  mayAdd: boolean = false,
): FilledValue[] {
  const left = new Map<string, string[]>();
  for (const [name, value] of given) left.set(name, [...left.get(name) ?? [], value]);
  const known = new Set(form.fields.map(({ name }) => name));
  const unknown = [...left.keys()].find((name) => !known.has(name));
  if (unknown !== undefined && !mayAdd) {
    const names = [...known].filter((name) => name !== "").join(", ");
    throw new UsageError(`the form has no field ${JSON.stringify(unknown)}, but ${names}`);
  }
  const pressed = pressedButton(form, button);
  const sent: FilledValue[] = [];
  const marked = new Set<string>();
  for (const field of form.fields) {
    const { name, type } = field;
    if (name === "" || field.isDisabled) continue;
    if (BUTTONS.includes(type)) {
      if (field !== pressed) continue;
      if (type === "image") {
        sent.push(
          ...["x", "y"].map((part) => ({ name: `${name}.${part}`, value: "0", isFile: false })),
        );
      } else sent.push({ name, value: field.value, isFile: false });
      continue;
    }
    const values = left.get(name);
    const isFile = type === "file";
    if (type === "checkbox" || type === "radio") {
      const isChosen = values === undefined ? field.isChosen : values.includes(field.value);
      if (values !== undefined) marked.add(name);
      if (isChosen) sent.push({ name, value: field.value, isFile });
    } else if (type === "select") {
      for (const value of chosenOptions(field, values)) sent.push({ name, value, isFile });
    } else if (values === undefined) {
      if (!isFile) sent.push({ name, value: field.value, isFile });
    } else {
      const value = values.shift();
      if (value !== undefined) sent.push({ name, value, isFile });
    }
  }
  for (const name of marked) checkMarks(form, name, left.get(name)!);
  if (mayAdd) {
    for (const [name, values] of left) {
      if (!known.has(name)) sent.push(...values.map((value) => ({ name, value, isFile: false })));
    }
  }
  return sent;
}

/** A value of checkboxes or radio buttons that none of them has would be lost without a word. */
function checkMarks(form: PageForm, name: string, values: readonly string[]): void {
  const offered = form.fields.filter((field) => field.name === name).map(({ value }) => value);
  const wrong = values.find((value) => value !== "" && !offered.includes(value));
  if (wrong === undefined) return;
  throw new UsageError(`${name} is none of ${offered.join(", ")}: ${JSON.stringify(wrong)}`);
}

function chosenOptions(
  { name, options = [], isMultiple = false }: FormField,
  values: readonly string[] | undefined,
): string[] {
  if (values === undefined) {
    const chosen = options.filter(({ isChosen }) => isChosen).map(({ value }) => value);
    if (isMultiple) return chosen;
    // A list of which nothing is chosen sends its first value.
    return chosen.length > 0 ? chosen.slice(-1) : options.slice(0, 1).map(({ value }) => value);
  }
  return values.map((value) => {
    const option = options.find((one) => one.value === value) ??
      options.find((one) => one.text === value);
    if (option !== undefined) return option.value;
    throw new UsageError(
      `${name} is none of ${options.map((one) => one.value).join(", ")}: ${JSON.stringify(value)}`,
    );
  });
}

function pressedButton(form: PageForm, button: string | undefined): FormField | undefined {
  const buttons = form.fields.filter(({ type, isDisabled }) =>
    (type === "submit" || type === "image") && !isDisabled
  );
  if (button === undefined) return buttons[0];
  const found = buttons.find(({ name, value }) => name === button || value === button);
  if (found !== undefined) return found;
  const names = buttons.map(({ name, value }) => value || name).join(", ");
  throw new UsageError(`the form has no button ${JSON.stringify(button)}, but ${names || "none"}`);
}

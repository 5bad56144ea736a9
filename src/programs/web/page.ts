/**
 * What a page of HTML refers to, and its forms.
 *
 * @module
 */

import { LimitError } from "../../net/mod.ts";
import { cssLinks } from "./css_links.ts";
import { FormCollector, type PageForm } from "./forms.ts";
import { type HtmlHandler, readHtml } from "./html_reader.ts";
import { parseSrcset } from "./srcset.ts";

/** Why a page refers to a resource. */
export type LinkKind =
  | "link"
  | "image"
  | "script"
  | "stylesheet"
  | "frame"
  | "media"
  | "icon"
  | "form"
  | "cite"
  | "refresh"
  | "other";

/** A reference of a page. */
export interface PageLink {
  /** Why. */
  readonly kind: LinkKind;
  /** The absolute URL; undefined if what is written is none. */
  readonly url: string | undefined;
  /** What is written. */
  readonly written: string;
  /** The text of a link, or what describes a picture; shortened. */
  readonly text: string;
  /** Values of the attribute `rel`, in lower case. */
  readonly rel: readonly string[];
  /** The element. */
  readonly element: string;
  /** Whether a form sends to it by `POST`. */
  readonly isPosted?: boolean;
  /** How large a picture is among its candidates, if there are several sizes of it. */
  readonly size?: number;
  /** Which picture's candidate it is, counted from 0. */
  readonly picture?: number;
}

/** A page. */
export interface Page {
  /** Its title; empty if it has none. */
  readonly title: string;
  /** What its relative references are resolved against. */
  readonly base: string;
  /** Its references, in order. */
  readonly links: readonly PageLink[];
  /** Its forms, in order. */
  readonly forms: readonly PageForm[];
  /** The names that a fragment may point to. */
  readonly anchors: ReadonlySet<string>;
  /** What robots are told: values of the elements `meta` named `robots`, in lower case. */
  readonly robots: readonly string[];
}

/** How a page is read. */
export interface ReadPageOptions {
  /** Whether its references are collected. @default {true} */
  readonly withLinks?: boolean;
  /** Whether its forms are collected. @default {true} */
  readonly withForms?: boolean;
}

/** Most references of one page. */
const MAX_LINKS = 1_000_000;
/** Longest text of a link, in characters. */
const MAX_TEXT = 200;

/** Attributes that hold URLs, by element; `*` is any element. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, LinkKind>>>> = {
  a: { href: "link", "xlink:href": "link" },
  area: { href: "link" },
  img: { src: "image", longdesc: "other" },
  image: { href: "image", "xlink:href": "image" },
  input: { src: "image", formaction: "form" },
  button: { formaction: "form" },
  script: { src: "script", href: "script" },
  iframe: { src: "frame" },
  frame: { src: "frame", longdesc: "other" },
  embed: { src: "media" },
  object: { data: "media" },
  video: { src: "media", poster: "image" },
  audio: { src: "media" },
  source: { src: "media" },
  track: { src: "media" },
  form: { action: "form" },
  blockquote: { cite: "cite" },
  q: { cite: "cite" },
  ins: { cite: "cite" },
  del: { cite: "cite" },
  use: { href: "other", "xlink:href": "other" },
  body: { background: "image" },
  table: { background: "image" },
  td: { background: "image" },
  html: { manifest: "other" },
};

/**
 * Reads a page.
 *
 * @param html Its text.
 * @param url Where it came from.
 * @param options What is collected.
 * @returns What it refers to.
 * @throws {LimitError} If it has too many references.
 *
 * @example A link
 * ```ts
 * import { readPage } from "./page.ts";
 * const page = await readPage('<base href="/x/"><a href="y">Y</a>', "http://a.example/");
 * if (page.links[0]?.url !== "http://a.example/x/y") throw new Error("not found");
 * ```
 */
export async function readPage(
  html: string,
  url: string,
  { withLinks = true, withForms = true }: ReadPageOptions = {},
): Promise<Page> {
  const collector = new PageCollector(url, withLinks, withForms);
  await readHtml(html, collector);
  return collector.page();
}

/** Takes elements as they come. */
class PageCollector implements HtmlHandler {
  readonly #url: string;
  readonly #withLinks: boolean;
  readonly #links: (Omit<PageLink, "url"> & { text: string })[] = [];
  readonly #anchors = new Set<string>();
  readonly #robots: string[] = [];
  readonly #forms: FormCollector | undefined;
  #pictures = 0;
  #base: string | undefined;
  /** Method of the form that is open. */
  #method = "get";
  #title = "";
  #inTitle = false;
  /** The style sheet that is being read. */
  #style: { text: string; add: AddLink } | undefined;
  /** The link whose text is being read. */
  #current: { text: string } | undefined;

  constructor(url: string, withLinks: boolean, withForms: boolean) {
    this.#url = url;
    this.#forms = withForms ? new FormCollector() : undefined;
    this.#withLinks = withLinks;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const { id, name: anchor, rel = "" } = attributes;
    if (id !== undefined) this.#anchors.add(id);
    if (name === "a" && anchor !== undefined) this.#anchors.add(anchor);
    this.#forms?.open(name, attributes);
    const rels = rel.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const add: AddLink = (kind, written, size): void => {
      if (!this.#withLinks) return;
      if (this.#links.length >= MAX_LINKS) {
        throw new LimitError(`the page has more than ${MAX_LINKS} references`, {
          operation: "read a page",
          peer: this.#url,
          limit: MAX_LINKS,
        });
      }
      const text = name === "a" ? "" : attributes.alt ?? attributes.title ?? "";
      this.#links.push({
        kind,
        written,
        text: text.slice(0, MAX_TEXT),
        rel: rels,
        element: name,
        ...(kind === "form" && this.#isPosted(attributes) && { isPosted: true }),
        ...(size !== undefined && { size, picture: this.#pictures }),
      });
    };
    switch (name) {
      case "base":
        this.#base ??= attributes.href;
        return;
      case "title":
        this.#inTitle = this.#title === "";
        return;
      case "form":
        this.#method = attributes.method ?? "get";
        break;
      case "style":
        this.#style = { text: "", add };
        return;
      case "meta":
        return this.#meta(attributes, add);
      case "link":
        if (attributes.href !== undefined) add(kindOfRel(rels), attributes.href);
        if (attributes.imagesrcset !== undefined) this.#addAll(attributes.imagesrcset, add);
        return;
    }
    for (const [attribute, kind] of Object.entries(ATTRIBUTES[name] ?? {})) {
      const written = attributes[attribute];
      if (written === undefined) continue;
      if (attribute === "src" && name === "input" && attributes.type?.toLowerCase() !== "image") {
        continue;
      }
      add(kind, written);
      if (name === "a") this.#current = this.#links.at(-1);
    }
    if (attributes.srcset !== undefined) this.#addAll(attributes.srcset, add);
    if (attributes.style !== undefined) addStyle(attributes.style, add);
  }

  close(name: string): void {
    if (name === "a") this.#current = undefined;
    if (name === "title") this.#inTitle = false;
    if (name === "form") this.#method = "get";
    if (name === "style" && this.#style !== undefined) {
      addStyle(this.#style.text, this.#style.add);
      this.#style = undefined;
    }
    this.#forms?.close(name);
  }

  text(text: string): void {
    if (this.#inTitle && this.#title.length < MAX_TEXT) this.#title += text;
    if (this.#current !== undefined && this.#current.text.length < MAX_TEXT) {
      this.#current.text += text.slice(0, MAX_TEXT);
    }
    if (this.#style !== undefined) this.#style.text += text;
    this.#forms?.text(text);
  }

  page(): Page {
    const base = resolve(this.#base ?? "", this.#url) ?? this.#url;
    return {
      title: tidy(this.#title),
      base,
      links: this.#links.map((link) => ({
        ...link,
        text: tidy(link.text),
        url: resolve(link.written, base),
      })),
      forms: this.#forms?.forms((written) => resolve(written, base)) ?? [],
      anchors: this.#anchors,
      robots: this.#robots,
    };
  }

  /** Whether a form, or the button in it, sends by `POST`. */
  #isPosted({ formmethod }: Readonly<Record<string, string>>): boolean {
    return (formmethod ?? this.#method).toLowerCase() === "post";
  }

  #addAll(srcset: string, add: AddLink): void {
    for (const { url, size } of parseSrcset(srcset)) add("image", url, size);
    this.#pictures++;
  }

  #meta(
    { name = "", content = "", "http-equiv": equivalent = "" }: Readonly<Record<string, string>>,
    add: AddLink,
  ): void {
    if (name.toLowerCase() === "robots") {
      this.#robots.push(...content.toLowerCase().split(/[\s,]+/).filter((word) => word !== ""));
    }
    if (/^og:(?:image|url|video|audio)$/.test(name)) add("other", content);
    if (equivalent.toLowerCase() !== "refresh") return;
    const [, target] = /^\s*\d*(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?["']?([^"']+)/i.exec(
      // A pattern over white space: not over any amount of it.
      content.slice(0, 4096),
    ) ??
      [];
    if (target !== undefined) add("refresh", target.trim());
  }
}

type AddLink = (kind: LinkKind, written: string, size?: number) => void;

function addStyle(css: string, add: AddLink): void {
  if (!/url\(|@import/i.test(css)) return;
  for (const { written, isImport } of cssLinks(css)) {
    add(isImport ? "stylesheet" : "image", written);
  }
}

function kindOfRel(rel: readonly string[]): LinkKind {
  if (rel.includes("stylesheet")) return "stylesheet";
  if (rel.some((word) => word === "icon" || word.endsWith("-icon"))) return "icon";
  return "other";
}

/** Resolves a reference as browsers do. */
function resolve(written: string, base: string): string | undefined {
  try {
    return new URL(written.trim(), base).href;
  } catch {
    return undefined;
  }
}

/** Takes white space together. */
function tidy(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, MAX_TEXT);
}

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Elements and texts of the page.
 *
 * @module
 */

import { LEVELS } from "./page.ts";

/** Makes an element. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function badge(level: number, text: string): HTMLElement {
  return make("span", { class: `badge ${LEVELS[level]}` }, text);
}

/** A link to the resource; only http(s) URLs become links. */
export function anchor(url: string): Node {
  if (!/^https?:/.test(url)) return document.createTextNode(url);
  return make("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, url);
}

export function seconds(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms} ms`;
}

export function size(bytes: number): string {
  if (bytes < 0) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024
    ? `${(bytes / 1024).toFixed(1)} KiB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

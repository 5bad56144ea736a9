/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The data and the fixed elements of the report's page.
 *
 * @module
 */

import type { ReportData } from "../report_data.ts";

/** Rows that a table shows before "more" is pressed. */
export const ROWS = 200;
export const LEVELS = ["error", "unclear", "warning", "note", "ok"];
export const SVG = "http://www.w3.org/2000/svg";

export const data: ReportData = JSON.parse(document.getElementById("data")!.textContent!);
export const main = document.getElementById("main")!;
export const search = document.getElementById("search") as HTMLInputElement;
export const dialog = document.getElementById("detail") as HTMLDialogElement;

/** The URL of a page that makes a link. */
export function urlOf(page: number | string): string {
  return typeof page === "string" ? page : data.pages[page]![0];
}

export const numbers = new Map(data.pages.map(([url], index) => [url, index]));

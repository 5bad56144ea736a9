/**
 * Pages of the Web, and what they refer to.
 *
 * @module
 */

export { type CssLink, cssLinks } from "./css_links.ts";
export { decodePage } from "./decode_page.ts";
export {
  type FilledValue,
  fillForm,
  type FormField,
  type FormOption,
  type PageForm,
} from "./forms.ts";
export { HostLanes } from "./host_lanes.ts";
export { type HtmlHandler, readHtml } from "./html_reader.ts";
export { type LinkKind, type Page, type PageLink, readPage } from "./page.ts";

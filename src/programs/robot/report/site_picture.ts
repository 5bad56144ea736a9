/**
 * The picture of a site: its folders and pages as nested areas.
 *
 * @module
 */

import type { ReportArea, ReportPage } from "./report_data.ts";

/** Maximum number of children of a folder before it is divided. */
const MAX_CHILDREN = 400;

interface Folder {
  readonly name: string;
  readonly children: Map<string, Folder>;
  /** The page of this very URL; -1 if there is none. */
  page: number;
  worst: number;
  pages: number;
}

/** A node of the tree that d3 lays out. */
interface Node {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly data: Folder;
  readonly depth: number;
  readonly value?: number;
  readonly parent: Node | null;
  sum(value: (folder: Folder) => number): Node;
  sort(compare: (one: Node, other: Node) => number): Node;
  each(callback: (node: Node) => void): Node;
}

interface Treemap {
  (root: Node): Node;
  size(size: readonly [number, number]): Treemap;
  paddingTop(padding: (node: Node) => number): Treemap;
  paddingInner(padding: number): Treemap;
}

/** The used part of the library, which has no types. */
interface Layouts {
  hierarchy(root: Folder, children: (folder: Folder) => readonly Folder[]): Node;
  treemap(): Treemap;
}

/**
 * Lays out pages by the folders of their URLs; each takes as much room as it has pages.
 *
 * @param pages The pages.
 * @returns The areas, the whole first.
 */
export async function drawSite(pages: readonly ReportPage[]): Promise<ReportArea[]> {
  const root = newFolder("");
  for (const [index, page] of pages.entries()) {
    let folder = root;
    count(folder, page);
    for (const part of partsOf(page[0])) {
      let child = folder.children.get(part);
      if (child === undefined) folder.children.set(part, child = newFolder(part));
      folder = child;
      count(folder, page);
    }
    folder.page = index;
  }
  const site = onlyHost(root);
  divide(site);
  return await layOut(site);
}

function newFolder(name: string): Folder {
  return { name, children: new Map(), page: -1, worst: 4, pages: 0 };
}

function count(folder: Folder, [, , , , , , , , worst]: ReportPage): void {
  folder.pages++;
  folder.worst = Math.min(folder.worst, worst);
}

/** Host and folders of a URL. */
function partsOf(text: string): string[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return text.split("/").filter((part) => part !== "");
  const parts = url.pathname.split("/").filter((part) => part !== "");
  const last = parts.pop() ?? "";
  return [url.host, ...parts.map(readable), `${readable(last) || "(index)"}${url.search}`];
}

function readable(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Divides a folder with many pages by the alphabet, so that each part of the picture can be read. */
function divide(folder: Folder): void {
  for (const child of folder.children.values()) divide(child);
  if (folder.children.size <= MAX_CHILDREN) return;
  const children = [...folder.children.values()].sort((one, other) =>
    one.name < other.name ? -1 : 1
  );
  folder.children.clear();
  const size = Math.max(MAX_CHILDREN / 4, Math.ceil(Math.sqrt(children.length)));
  for (let at = 0; at < children.length; at += size) {
    const part = children.slice(at, at + size);
    const name = `${part[0]!.name.slice(0, 20)} … ${part.at(-1)!.name.slice(0, 20)}`;
    const group = newFolder(name);
    for (const child of part) {
      group.children.set(child.name, child);
      group.pages += child.pages;
      group.worst = Math.min(group.worst, child.worst);
    }
    folder.children.set(`${at} ${name}`, group);
  }
}

/** A site of one host begins with that host. */
function onlyHost(root: Folder): Folder {
  return root.children.size === 1 ? [...root.children.values()][0]! : root;
}

async function layOut(root: Folder): Promise<ReportArea[]> {
  const { hierarchy, treemap }: Layouts = await import("d3-hierarchy");
  const tree = hierarchy(root, ({ children }) => [...children.values()])
    .sum(({ children, pages }) => children.size === 0 ? Math.max(1, pages) : 0)
    .sort((one, other) => (other.value ?? 0) - (one.value ?? 0));
  const laidOut = treemap().size([1000, 560]).paddingTop(roomForName)
    .paddingInner(1)(tree);
  const numbers = new Map<Node, number>();
  const areas: ReportArea[] = [];
  laidOut.each((node) => {
    const { data, parent } = node;
    numbers.set(node, areas.length);
    areas.push([
      round(node.x0),
      round(node.y0),
      round(node.x1),
      round(node.y1),
      data.name,
      data.page,
      parent === null ? -1 : numbers.get(parent)!,
      data.worst,
      data.pages,
    ]);
  });
  return areas;
}

/** Folders that are large enough have their name above their content. */
function roomForName({ depth, x0, x1, y0, y1 }: Node): number {
  return depth > 0 && x1 - x0 > 60 && y1 - y0 > 60 ? 19 : 2;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * The picture of a site: its folders and pages as nested areas.
 *
 * @module
 */

import type { ReportArea, ReportPage } from "./report_data.ts";

/** Maximum number of areas: folders beyond become one area each. */
const MAX_AREAS = 8000;

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

/** What is used of the library, which comes without types. */
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
  prune(root);
  return await layOut(onlyHost(root));
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

/** Leaves out the deepest folders' pages, level by level, until the picture is small enough. */
function prune(root: Folder): void {
  const levels: Folder[][] = [[root]];
  let total = 1;
  while (levels.at(-1)!.length > 0) {
    levels.push(levels.at(-1)!.flatMap(({ children }) => [...children.values()]));
    total += levels.at(-1)!.length;
  }
  for (let level = levels.length - 2; level >= 1 && total > MAX_AREAS; level--) {
    for (const folder of levels[level]!) {
      if (total <= MAX_AREAS) return;
      total -= folder.children.size;
      folder.children.clear();
    }
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
  const laidOut = treemap().size([1000, 560]).paddingTop((node) => node.depth === 1 ? 20 : 2)
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

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

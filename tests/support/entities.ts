/**
 * Messages as data, so that they can be compared.
 *
 * @module
 */

import { Entity, readParts } from "../../src/mime/mod.ts";
import { latin1 } from "./bytes.ts";

/** A tree in short: type, content as text or parts, defects if there are any. */
export function outline(entity: Entity): unknown {
  const content = entity.parts.length > 0 ? entity.parts.map(outline) : entity.text;
  return entity.defects.length > 0
    ? [entity.type, content, entity.defects]
    : [entity.type, content];
}

/** The tree that the streaming form finds. Containers have no body. */
export async function streamed(pieces: Iterable<Uint8Array>): Promise<Entity> {
  const open: Entity[] = [];
  const defects = new Map<Entity, readonly string[]>();
  for await (const part of readParts(pieces)) {
    const entity = new Entity(part.path, part);
    const depth = part.path.split(".").length - 1;
    open.length = depth;
    open[depth - 1]?.parts.push(entity);
    open.push(entity);
    defects.set(entity, part.defects);
    const content: string[] = [];
    for await (const piece of part.body()) content.push(latin1(piece));
    entity.body = Uint8Array.from(content.join(""), (character) => character.charCodeAt(0));
  }
  for (const [entity, found] of defects) entity.defects.splice(0, Infinity, ...found);
  return open[0]!;
}

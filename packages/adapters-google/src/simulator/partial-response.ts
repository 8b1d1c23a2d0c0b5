import { isObject, type JsonObject, type JsonValue } from './json.js';

/** Selected fields: each name with the selection of its value; null selects all of it. `*` is any name. */
interface Selection {
  readonly [name: string]: Selection | null;
}

/** Cuts `a,b(c,d),e/f` at its commas outside of brackets. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return [...parts, part];
}

/** Reads the parameter `fields` of Google's APIs: `kind,items(id,start/dateTime)`. null: it is not well formed. */
export function parseFields(text: string): Selection | null {
  const selection: Record<string, Selection | null> = {};
  for (const part of split(text)) {
    const { name, rest } = /^(?<name>[\w*]+)(?<rest>\(.*\)|\/.+)?$/.exec(part.trim())?.groups ?? {};
    if (name === undefined) return null;
    if (rest === undefined) {
      selection[name] = null;
      continue;
    }
    const inner = parseFields(rest.startsWith('/') ? rest.slice(1) : rest.slice(1, -1));
    if (inner === null) return null;
    const before = selection[name];
    if (before !== null) selection[name] = { ...before, ...inner };
  }
  return selection;
}

/** Selects the fields of an answer. */
export function selectFields(value: JsonObject, selection: Selection): JsonObject {
  const kept = Object.entries(value).flatMap(([name, content]): [string, JsonValue | undefined][] => {
    const wanted = Object.hasOwn(selection, name) ? selection[name] : selection['*'];
    if (wanted === undefined) return [];
    return [[name, wanted === null ? content : selectWithin(content, wanted)]];
  });
  return Object.fromEntries(kept);
}

function selectWithin(value: JsonValue | undefined, selection: Selection): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((item: JsonValue) => selectWithin(item, selection) ?? null);
  return isObject(value) ? selectFields(value, selection) : value;
}

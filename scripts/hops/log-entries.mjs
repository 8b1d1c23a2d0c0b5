import { parse } from '@babel/parser';

/**
 * A loader hook: each named function of the engine and of the rules records its entry in `globalThis.entries`, as
 * `{ file, name }`. Named are declarations, methods, accessors, constructors, and functions that are bound to a name.
 */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  const file = /\/dist\/((?:engine|rules)\/.+\.js)$/.exec(url)?.[1];
  return file ? { ...loaded, source: withEntries(String(loaded.source), file) } : loaded;
}

function withEntries(source, file) {
  const insertions = [];
  for (const { name, body } of namedFunctions(parse(source, { sourceType: 'module' }).program)) {
    const note = `globalThis.entries?.push({ file: ${JSON.stringify(file)}, name: ${JSON.stringify(name)} })`;
    if (body.type === 'BlockStatement') insertions.push([body.start + 1, `${note};`]);
    else insertions.push([body.start, `(${note},`], [body.end, ')']);
  }
  insertions.sort(([a], [b]) => b - a);
  let noted = source;
  for (const [at, text] of insertions) noted = noted.slice(0, at) + text + noted.slice(at);
  return noted;
}

function* namedFunctions(node, name = null) {
  if (/Function|Method/.test(node.type)) {
    const own = node.id?.name ?? nameOf(node.key) ?? name;
    if (own !== null) yield { name: own, body: node.body };
  }
  const given = nameOf(node.key) ?? node.id?.name ?? null;
  for (const [key, value] of Object.entries(node)) {
    const isBound = key === 'init' || key === 'value';
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') yield* namedFunctions(child, isBound ? given : null);
    }
  }
}

function nameOf(key) {
  return key?.name ?? (key?.id ? `#${key.id.name}` : null);
}

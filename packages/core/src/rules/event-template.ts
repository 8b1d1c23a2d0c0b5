/**
 * The templates of what an event shows (docs/operating-contract.md#settings): `{field}`, `{field|default}`, and parts in
 * double square brackets, which appear only if every field in them has something to say.
 */

/** What a field says; null: there is no such field, and its name in braces stays as it is. */
export type FieldValue = (field: string) => string | null;

interface FieldPart {
  readonly field: string;
  /** null: it has none. */
  readonly fallback: string | null;
  /** As the template has it, in braces. */
  readonly source: string;
}

type Part = string | FieldPart;

interface Section {
  readonly isOptional: boolean;
  readonly parts: readonly Part[];
}

const FIELD = /\{([^{}|]*)(?:\|([^{}]*))?\}/g;
const OPTIONAL = /\[\[([\s\S]*?)\]\]/g;

/** Templates are few, and rendered for every booking of every poll. */
const PARSED_KEPT = 100;
const parsed = new Map<string, readonly Section[]>();

/** Names of the fields of a template, in their order, as often as it names them. */
export function fieldsOf(template: string): readonly string[] {
  return sectionsOf(template).flatMap(({ parts }) =>
    parts.flatMap((part) => (typeof part === 'string' ? [] : [part.field])),
  );
}

/** The template with what its fields say. What a field says is text, never part of the template. */
export function renderTemplate(template: string, valueOf: FieldValue): string {
  let text = '';
  for (const { isOptional, parts } of sectionsOf(template)) {
    const rendered = renderParts(parts, valueOf);
    if (!isOptional || rendered.isComplete) text += rendered.text;
  }
  return text;
}

function renderParts(
  parts: readonly Part[],
  valueOf: FieldValue,
): { readonly text: string; readonly isComplete: boolean } {
  let text = '';
  let isComplete = true;
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = valueOf(part.field);
    const said = value === null || value.trim() === '' ? (part.fallback ?? value) : value;
    if (said === null || said.trim() === '') isComplete = false;
    text += said ?? part.source;
  }
  return { text, isComplete };
}

function sectionsOf(template: string): readonly Section[] {
  const known = parsed.get(template);
  if (known) return known;
  const sections = split(template, OPTIONAL, (match): Section => ({
    isOptional: true,
    parts: partsOf(match[1] ?? ''),
  })).map((it): Section => (typeof it === 'string' ? { isOptional: false, parts: partsOf(it) } : it));
  if (parsed.size >= PARSED_KEPT) parsed.clear();
  parsed.set(template, sections);
  return sections;
}

function partsOf(text: string): readonly Part[] {
  return split(text, FIELD, (match): Part => ({
    field: match[1] ?? '',
    fallback: match[2] ?? null,
    source: match[0],
  }));
}

/** The matches of a pattern, and the text between them. */
function split<T>(text: string, pattern: RegExp, toPart: (match: RegExpExecArray) => T): readonly (T | string)[] {
  const parts: (T | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(toPart(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

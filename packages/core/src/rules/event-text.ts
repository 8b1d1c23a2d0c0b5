import type { Bay } from '../domain/bay.js';
import type { Booking } from '../domain/booking.js';
import { withoutMarker } from './rebook-marker.js';

/** The template fields that every booking has (docs/operating-contract.md#settings). */
export const TEMPLATE_FIELDS = ['customerName', 'bayName', 'bay', 'notes', 'appointmentId'] as const;

/** A field of a template: a name in braces in `google.title` and `google.description`. */
export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

/** Further fields of a booking in USchedule (its `details`). A field without a value is empty. */
export const DETAIL_FIELDS = ['customerId', 'groupSize', 'serviceId', 'employeeId', 'price'] as const;

/** Templates of an event: `google.title` and `google.description` of the settings. */
export interface EventTemplates {
  readonly title: string;
  readonly description: string;
}

/** Maximum length of a title, in characters. A longer one ends in an ellipsis. Google's own limit is not lower. */
export const TITLE_LIMIT = 1024;
/** Maximum length of a description, in characters. A longer one ends in an ellipsis. */
export const DESCRIPTION_LIMIT = 8192;

/** Prefix of the title of a cancelled booking's event under `cancel: "mark"`. */
export const CANCELED_PREFIX = 'CANCELED: ';

/** Returns the unknown fields of a template. */
export function unknownTemplateFields(template: string): readonly string[] {
  const allowed: readonly string[] = [...TEMPLATE_FIELDS, ...DETAIL_FIELDS];
  return fieldsOf(template).filter((field) => !allowed.includes(field));
}

/** Does the text of a template depend on this field? */
export function namesField(template: string, field: string): boolean {
  return fieldsOf(template).includes(field);
}

/** Control characters except tab and line feed, and unpaired surrogates: no text of a booking needs them. */
function isUnwanted(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const control = (code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code < 0xa0);
  return control || (code >= 0xd800 && code < 0xe000);
}

/** A quick check: nearly every text has no such character and no surrogate. */
const SUSPICIOUS = /[^\t\n\x20-\x7e\u00a0-\ud7ff\ue000-\uffff]/;

/** Returns plain text: line ends are `\n`, and unnecessary characters are removed. */
export function plainText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text.trim();
  let plain = '';
  for (const character of text.replace(/\r\n?/g, '\n')) {
    if (!isUnwanted(character)) plain += character;
  }
  return plain.trim();
}

/** Cuts a text to a number of characters. The last one is an ellipsis, and surrogate pairs stay whole. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function render(template: string, valueOf: FieldValue, limit: number): string {
  return cutText(plainText(renderTemplate(template, valueOf)), limit);
}

/** The title and description of a booking's event. */
export function eventText(
  templates: EventTemplates,
  booking: Booking,
  bay: Bay | null,
): { readonly title: string; readonly description: string } {
  const fields: Readonly<Record<TemplateField, string>> = {
    customerName: booking.customerName,
    bayName: bay?.name ?? '',
    bay: bay?.bay ?? '',
    notes: withoutMarker(booking.notes),
    appointmentId: booking.appointmentId,
  };
  const valueOf: FieldValue = (field) => {
    if (isOneOf(TEMPLATE_FIELDS, field)) return fields[field];
    const detail = booking.details && Object.hasOwn(booking.details, field) ? booking.details[field] : undefined;
    return detail ?? (isOneOf(DETAIL_FIELDS, field) ? '' : null);
  };
  return {
    title: booking.keptText?.title ?? render(templates.title, valueOf, TITLE_LIMIT),
    description: booking.keptText?.description ?? render(templates.description, valueOf, DESCRIPTION_LIMIT),
  };
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return (names as readonly string[]).includes(name);
}

/**
 * The templates of an event (docs/operating-contract.md#settings): `{field}`, `{field|default}`, and parts in double square
 * brackets, which are shown only if every field in them has a value.
 */

/** Returns the value of a field. Null if the field is unknown: then its name in braces is kept. */
export type FieldValue = (field: string) => string | null;

interface FieldPart {
  readonly field: string;
  /** The default after `|`. Null if there is none. */
  readonly fallback: string | null;
  /** The text of the field in the template, with braces. */
  readonly source: string;
}

type Part = string | FieldPart;

interface Section {
  readonly isOptional: boolean;
  readonly parts: readonly Part[];
}

const FIELD = /\{([^{}|]*)(?:\|([^{}]*))?\}/g;
const OPTIONAL = /\[\[([\s\S]*?)\]\]/g;

/** Parsed templates are cached: they are few, and rendered for every booking of every poll. */
const PARSED_KEPT = 100;
const parsed = new Map<string, readonly Section[]>();

/** Returns the field names of a template, in order, with repetitions. */
export function fieldsOf(template: string): readonly string[] {
  return sectionsOf(template).flatMap(({ parts }) =>
    parts.flatMap((part) => (typeof part === 'string' ? [] : [part.field])),
  );
}

/** Renders a template with the values of its fields. A value is plain text, never part of the template. */
function renderTemplate(template: string, valueOf: FieldValue): string {
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
    const filled = value === null || value.trim() === '' ? (part.fallback ?? value) : value;
    if (filled === null || filled.trim() === '') isComplete = false;
    text += filled ?? part.source;
  }
  return { text, isComplete };
}

function sectionsOf(template: string): readonly Section[] {
  const allowed = parsed.get(template);
  if (allowed) return allowed;
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

/** Returns the matches of a pattern, and the text between them. */
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

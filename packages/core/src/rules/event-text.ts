import type { Bay } from '../domain/bay.js';
import type { Booking } from '../domain/booking.js';
import { withoutMarker } from './rebook-marker.js';

/** The fields that every booking has for templates (docs/operating-contract.md#settings). */
export const TEMPLATE_FIELDS = ['customerName', 'bayName', 'bay', 'notes', 'appointmentId'] as const;

/** A field of a template: what stands between braces in `google.title` and `google.description`. */
export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

/** Further fields that USchedule may have for a booking: `details` of it. Where it does not say one, it is empty. */
export const DETAIL_FIELDS = ['customerId', 'groupSize', 'serviceId', 'employeeId', 'price'] as const;

/** Templates of what an event shows: `google.title` and `google.description` of the settings. */
export interface EventTemplates {
  readonly title: string;
  readonly description: string;
}

/** Longest title we write, in characters; a longer one ends in an ellipsis. Google's own limit is not below it. */
export const TITLE_LIMIT = 1024;
/** Longest description we write, in characters; the same holds for it. */
export const DESCRIPTION_LIMIT = 8192;

/** Prefix of the title of a cancelled booking's event under `cancel: "mark"`. */
export const CANCELED_PREFIX = 'CANCELED: ';

/** Fields a template names that there are none of. `more`: names that the booking system's adapter adds. */
export function unknownTemplateFields(template: string, more: readonly string[] = []): readonly string[] {
  const known: readonly string[] = [...TEMPLATE_FIELDS, ...DETAIL_FIELDS, ...more];
  return fieldsOf(template).filter((field) => !known.includes(field));
}

/** Does the text of a template depend on this field? */
export function namesField(template: string, field: string): boolean {
  return fieldsOf(template).includes(field);
}

/** Control characters but tab and line feed, and halves of surrogate pairs: no text of a booking needs them. */
function isUnwanted(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const control = (code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code < 0xa0);
  return control || (code >= 0xd800 && code < 0xe000);
}

/** Nearly every text has none of them, and nothing that may be half of something. */
const SUSPICIOUS = /[^\t\n\x20-\x7e\u00a0-\ud7ff\ue000-\uffff]/;

/** Plain text: line ends are `\n`, what no text needs is dropped. */
export function plainText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text.trim();
  let plain = '';
  for (const character of text.replace(/\r\n?/g, '\n')) {
    if (!isUnwanted(character)) plain += character;
  }
  return plain.trim();
}

/** Cut to so many characters, with an ellipsis as the last one, and never through a surrogate pair. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function render(template: string, valueOf: FieldValue, limit: number): string {
  return cutText(plainText(renderTemplate(template, valueOf)), limit);
}

/** What the event of a booking shows. */
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

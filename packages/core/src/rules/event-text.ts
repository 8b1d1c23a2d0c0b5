import type { Bay } from '../domain/bay.js';
import type { Booking } from '../domain/booking.js';
import { type FieldValue, fieldsOf, renderTemplate } from './event-template.js';
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

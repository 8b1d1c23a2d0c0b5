import type { Bay } from '../domain/bay.js';
import type { Booking } from '../domain/booking.js';
import { withoutMarker } from './rebook-marker.js';

/** The fields a template may name (operating contract, "Settings"). */
export const TEMPLATE_FIELDS = ['customerName', 'bayName', 'bay', 'notes', 'appointmentId'] as const;

/** A field of a template: what stands between braces in `google.title` and `google.description`. */
export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

/** Longest title we write, in characters; a longer one ends in an ellipsis. Google's own limit is not below it. */
export const TITLE_LIMIT = 1024;
/** Longest description we write, in characters; the same holds for it. */
export const DESCRIPTION_LIMIT = 8192;

/** Prefix of the title of a cancelled booking's event under `cancel: "mark"`. */
export const CANCELED_PREFIX = 'CANCELED: ';

const FIELD = /\{([^{}]*)\}/g;
/** A template that is nothing but a field, as both are by default. */
const ONE_FIELD = /^\{([^{}]*)\}$/;

/** Fields a template names that there are none of. */
export function unknownTemplateFields(template: string): readonly string[] {
  const known: readonly string[] = TEMPLATE_FIELDS;
  return [...template.matchAll(FIELD)].map((match) => match[1] ?? '').filter((field) => !known.includes(field));
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

function render(template: string, fields: Readonly<Record<TemplateField, string>>, limit: number): string {
  const [, name] = ONE_FIELD.exec(template) ?? [];
  const only = name === undefined ? undefined : fields[name as TemplateField];
  const text = only ?? template.replace(FIELD, (whole, field: string) => fields[field as TemplateField] ?? whole);
  return cutText(plainText(text), limit);
}

/** What the event of a booking shows. */
export function eventText(
  templates: { readonly title: string; readonly description: string },
  booking: Booking,
  bay: Bay | null,
): { readonly title: string; readonly description: string } {
  const fields = {
    customerName: booking.customerName,
    bayName: bay?.name ?? '',
    bay: bay?.bay ?? '',
    notes: withoutMarker(booking.notes),
    appointmentId: booking.appointmentId,
  };
  return {
    title: render(templates.title, fields, TITLE_LIMIT),
    description: render(templates.description, fields, DESCRIPTION_LIMIT),
  };
}

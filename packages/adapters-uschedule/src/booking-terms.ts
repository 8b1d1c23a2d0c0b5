import type { BookingTerms, PrepaidCredit } from '@loft/sync-core/adapters';
import { field, hasField, type JsonRecord, readId, readInteger, readText } from './record-fields.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The fields of a booking's record besides its slot, customer and note (docs/uschedule.md#methods). */
export interface ReadTerms {
  /** null: the record has none of these fields. */
  readonly terms: BookingTerms | null;
  /** Values for templates and the console; null: the record has none. */
  readonly details: Readonly<Record<string, string>> | null;
}

export function readTerms(record: JsonRecord): ReadTerms {
  const groupSize = positive(readInteger(field(record, 'GroupSize')));
  const serviceId = positive(readInteger(field(record, 'ServiceID')));
  const employeeId = readId(field(record, 'EmployeeID'));
  const prepaid = readPrepaid(record);
  const customerId = readId(field(record, 'CustomerID'));
  const price = priceOf(field(record, 'Price'));
  // A poll reads every record: field by field is five times as fast as a filter over the entries.
  const terms: Mutable<BookingTerms> = {};
  const details: Record<string, string> = {};
  if (customerId !== null) details['customerId'] = customerId;
  if (groupSize !== null) {
    terms.groupSize = groupSize;
    details['groupSize'] = String(groupSize);
  }
  if (serviceId !== null) {
    terms.serviceId = serviceId;
    details['serviceId'] = String(serviceId);
  }
  if (employeeId !== null) {
    terms.employeeId = employeeId;
    details['employeeId'] = employeeId;
  }
  if (prepaid !== undefined) terms.prepaid = prepaid;
  if (price !== null) details['price'] = price;
  return { terms: orNull(terms), details: orNull(details) };
}

/** @returns undefined if the record does not say; null if the booking was not paid with a credit */
function readPrepaid(record: JsonRecord): PrepaidCredit | null | undefined {
  if (!hasField(record, 'PrepayServiceCustomerID')) return undefined;
  const creditId = readId(field(record, 'PrepayServiceCustomerID'));
  return creditId === null ? null : { creditId, paymentType: positive(readInteger(field(record, 'PaymentType'))) };
}

function priceOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  return readText(value).trim() || null;
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

function orNull<T extends object>(values: T): T | null {
  return Object.keys(values).length === 0 ? null : values;
}

import type { BookingTerms, PrepaidCredit } from '@loft/sync-core/adapters';
import { field, hasField, type JsonRecord, readId, readInteger, readText } from './record-fields.js';

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
  const terms = {
    ...(groupSize === null ? {} : { groupSize }),
    ...(serviceId === null ? {} : { serviceId }),
    ...(employeeId === null ? {} : { employeeId }),
    ...(prepaid === undefined ? {} : { prepaid }),
  };
  const details = withoutNulls({
    customerId: readId(field(record, 'CustomerID')),
    groupSize: groupSize === null ? null : String(groupSize),
    serviceId: serviceId === null ? null : String(serviceId),
    employeeId,
    price: priceOf(field(record, 'Price')),
  });
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

function withoutNulls(values: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

function orNull<T extends object>(values: T): T | null {
  return Object.keys(values).length === 0 ? null : values;
}

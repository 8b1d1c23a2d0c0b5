import type { TimeZones } from '@loft/sync-core';
import type { UnitId, StatusTrust } from '@loft/sync-core/adapters';
import type { StudioBooking, StudioBookingState } from '@loft/sync-core/testing';
import type { SimulatorBehaviour, TimeStyle } from './simulator-options.js';
import { writeTime } from './wall-clock.js';

const STATUS_IDS: Readonly<Record<StudioBookingState, number>> = {
  live: 1,
  canceled: 9,
  rescheduled: 10,
  checkout: 11,
  abandoned: 11,
};

/** The value of `Description` if the notes are in `Note`. */
const SERVICE_NAME = 'Golf Simulator';

export interface RecordStyle {
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  readonly status: StatusTrust;
  readonly timeStyle: TimeStyle;
  readonly notesIn: SimulatorBehaviour['notesIn'];
  readonly unitName: (unit: UnitId) => string;
  readonly locationId: number;
  /** Default for a booking without one. */
  readonly serviceOf: (unit: UnitId) => number;
}

/** A booking as `getapiappointments` lists it. Its id is under `idKey`: `getappointment` calls it `Id`. */
export function appointmentRecord(
  booking: StudioBooking,
  style: RecordStyle,
  idKey: 'AppointmentID' | 'Id',
): Record<string, unknown> {
  const { timeZone, timeZones, timeStyle } = style;
  return {
    [idKey]: Number(booking.id),
    CustomerID: Number(booking.customerId),
    CustomerName: booking.customerName,
    StatusID: statusId(booking, style),
    StartTime: writeTime(booking.start, timeZone, timeZones, timeStyle),
    EndTime: writeTime(booking.end, timeZone, timeZones, timeStyle),
    ResourceUnitID: booking.unit,
    ResourceName: style.unitName(booking.unit),
    ...notesOf(booking, style),
    CreatedDate: writeTime(booking.createdAt, timeZone, timeZones, timeStyle),
  };
}

/** The fuller record of the public app's model: more fields than the list has, and without some of those. */
export function fullerRecord(booking: StudioBooking, style: RecordStyle): Record<string, unknown> {
  const { timeZone, timeZones, timeStyle } = style;
  const { terms = {} } = booking;
  return {
    Id: Number(booking.id),
    AccountID: 815,
    LocationID: style.locationId,
    ServiceID: terms.serviceId ?? style.serviceOf(booking.unit),
    EmployeeID: terms.employeeId === undefined ? null : Number(terms.employeeId),
    CustomerID: Number(booking.customerId),
    ResourceUnitID: booking.unit,
    GroupSize: terms.groupSize ?? 1,
    StartTime: writeTime(booking.start, timeZone, timeZones, timeStyle),
    EndTime: writeTime(booking.end, timeZone, timeZones, timeStyle),
    AllDay: false,
    StatusID: statusId(booking, style),
    ...notesOf(booking, style),
    PrepayServiceCustomerID: terms.prepaid ? Number(terms.prepaid.creditId) : null,
    EventOccurrenceID: null,
    MasterAppointmentID: null,
    Price: 50,
  };
}

function statusId({ state }: StudioBooking, { status }: RecordStyle): number {
  return status === 'blind' ? 0 : STATUS_IDS[state];
}

function notesOf({ notes }: StudioBooking, { notesIn }: RecordStyle): Record<string, unknown> {
  return notesIn === 'Description'
    ? { Description: notes }
    : { Note: notes === '' ? null : notes, Description: SERVICE_NAME };
}

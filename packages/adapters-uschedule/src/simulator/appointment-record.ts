import type { StatusTrust, UnitId } from '@loft/sync-core';
import type { StudioBooking, StudioBookingState } from '@loft/sync-core/testing';
import type { TimeStyle } from './simulator-options.js';
import { writeTime } from './wall-clock.js';

const STATUS_IDS: Readonly<Record<StudioBookingState, number>> = {
  live: 1,
  canceled: 9,
  rescheduled: 10,
  checkout: 11,
  abandoned: 11,
};

export interface RecordStyle {
  readonly timeZone: string;
  readonly status: StatusTrust;
  readonly timeStyle: TimeStyle;
  readonly unitName: (unit: UnitId) => string;
}

/** A booking as `getapiappointments` lists it. Its id is under `idKey`: `getappointment` calls it `Id`. */
export function appointmentRecord(
  booking: StudioBooking,
  style: RecordStyle,
  idKey: 'AppointmentID' | 'Id',
): Record<string, unknown> {
  const { timeZone, timeStyle } = style;
  return {
    [idKey]: Number(booking.id),
    CustomerID: Number(booking.customerId),
    CustomerName: booking.customerName,
    StatusID: style.status === 'blind' ? 0 : STATUS_IDS[booking.state],
    StartTime: writeTime(booking.start, timeZone, timeStyle),
    EndTime: writeTime(booking.end, timeZone, timeStyle),
    ResourceUnitID: booking.unit,
    ResourceName: style.unitName(booking.unit),
    Description: booking.notes,
    CreatedDate: writeTime(booking.createdAt, timeZone, timeStyle),
  };
}

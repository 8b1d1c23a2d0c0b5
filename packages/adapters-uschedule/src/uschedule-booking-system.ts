import {
  type Booking,
  type BookingSystem,
  Err,
  type Instant,
  MINUTE,
  Ok,
  type Period,
  type Result,
  type SyncError,
} from '@loft/sync-core';
import {
  type BookingList,
  type BookingSlot,
  type BookingTerms,
  type BookRequest,
  startOfDay,
  type UnitId,
} from '@loft/sync-core/adapters';
import { isHtml, jsonOf, UNKNOWN_METHOD, unexpected } from './answer-error.js';
import { readAppointment, saysThereIsNone } from './appointment-answer.js';
import { readBookingList, startingIn } from './booking-list.js';
import type { RecordRules } from './booking-record.js';
import { CancelAppointment } from './cancel-appointment.js';
import { readFreeSlots } from './free-slots.js';
import { NoteFields } from './note-fields.js';
import { newIdIn } from './new-id.js';
import { wireId } from './record-fields.js';
import { readResourceUnits, readUnitsOfService, type ResourceUnit } from './resource-unit.js';
import type { HttpAnswer } from './transport.js';
import type { UScheduleClient } from './uschedule-client.js';
import type { CompleteOptions } from './uschedule-options.js';
import { dayText, slashedDayText, wallTimeText } from './uschedule-time.js';

/** Settings of the studio's data. The settings of the connection belong to the client. */
export type StudioOptions = Pick<CompleteOptions, 'locationId' | 'serviceId' | 'unitServices'> &
  Omit<RecordRules, 'noteFields'>;

/** `PaymentType` of a booking that is paid with a prepaid credit, and of one that is not (docs/uschedule.md#methods). */
const PREPAID = 4;
const NOT_CHOSEN = 0;

/** The `BookingSystem` port on USchedule's HTTP API, by docs/uschedule.md. */
export class UScheduleBookingSystem implements BookingSystem {
  readonly system = 'uschedule';
  readonly #client: UScheduleClient;
  readonly #studio: StudioOptions & RecordRules;
  readonly #cancel: CancelAppointment;

  constructor(client: UScheduleClient, studio: StudioOptions) {
    this.#client = client;
    this.#studio = { ...studio, noteFields: new NoteFields() };
    this.#cancel = new CancelAppointment(client);
  }

  /** USchedule numbers its appointments. */
  isAppointmentId(text: string): boolean {
    return typeof wireId(text) === 'number';
  }

  async listBookings(period: Period): Promise<Result<BookingList, SyncError>> {
    const method = 'getapiappointments';
    const { timeZone, timeZones } = this.#studio;
    const last = Math.max(period.from, period.to - 1);
    const answer = await this.#client.call(method, {
      StartDate: slashedDayText(period.from, timeZone, timeZones),
      EndDate: slashedDayText(last, timeZone, timeZones),
    });
    // It is unknown whether the API filters by the start only. The list may contain a booking that began on the evening
    // before.
    const days = { from: startOfDay(period.from, timeZone, timeZones), to: startOfDay(last, timeZone, timeZones, 1) };
    return this.#read(method, answer, (json) =>
      Array.isArray(json) ? startingIn(days, readBookingList(json, this.#studio)) : null,
    );
  }

  async getBooking(appointmentId: string): Promise<Result<Booking, SyncError>> {
    const method = 'getappointment';
    const answer = await this.#client.call(method, { id: wireId(appointmentId) });
    if (!answer.ok) return saysThereIsNone(answer.val) ? Err({ ...answer.val, kind: 'not-found' }) : answer;
    return readAppointment(appointmentId, answer.val, this.#studio, this.#client.secrets);
  }

  async listFreeSlots(
    resourceUnitId: UnitId,
    day: Instant,
    minutes?: number,
  ): Promise<Result<readonly Instant[], SyncError>> {
    const method = 'getavailability';
    const { timeZone, timeZones, locationId, serviceLengthMinutes } = this.#studio;
    const answer = await this.#client.call(method, {
      LocationID: locationId,
      ResourceUnitID: wireId(String(resourceUnitId)),
      ServiceID: this.serviceOf(resourceUnitId),
      StartDate: dayText(day, timeZone, timeZones),
      ServiceLength: Math.max(1, Math.min(minutes ?? serviceLengthMinutes, serviceLengthMinutes)),
    });
    return this.#read(method, answer, (json) => readFreeSlots(json, resourceUnitId, timeZone, timeZones));
  }

  cancelBooking(appointmentId: string): Promise<Result<void, SyncError>> {
    return this.#cancel.run(appointmentId);
  }

  async rescheduleBooking(appointmentId: string, to: BookingSlot): Promise<Result<string, SyncError>> {
    const method = 'rescheduleappointment';
    const answer = await this.#client.change(method, { Id: wireId(appointmentId), ...this.#slot(to) });
    if (!answer.ok) {
      // A deployment without this method cannot move the booking: that is a refusal. A 404 for the booking stays a 404.
      const { val } = answer;
      const isNotThere = val.reason === UNKNOWN_METHOD || val.status === 405 || val.status === 501;
      return isNotThere ? Err({ ...val, kind: 'refused' }) : answer;
    }
    const id = newIdIn(answer.val.text);
    if (id === 'unreadable' || isHtml(answer.val.text)) {
      return Err(unexpected(method, 'the id in the answer cannot be read', answer.val, this.#client.secrets));
    }
    return Ok(id ?? appointmentId);
  }

  async book(request: BookRequest): Promise<Result<string, SyncError>> {
    const method = 'bookit';
    const { terms = {}, customerId } = request;
    const answer = await this.#client.call(method, {
      LocationID: this.#studio.locationId,
      ServiceID: terms.serviceId ?? this.serviceOf(request.resourceUnitId),
      GroupSize: terms.groupSize ?? 1,
      ...this.#slot(request),
      Notes: request.notes,
      ...paymentOf(terms),
      ...(terms.employeeId === undefined ? {} : { EmployeeID: wireId(terms.employeeId) }),
      ...(customerId === null ? {} : { CustomerID: wireId(customerId) }),
    });
    if (!answer.ok) return answer;
    const id = newIdIn(answer.val.text);
    // The booking may have been made. Its id is not known.
    if (id === null || id === 'unreadable') {
      return Err(unexpected(method, 'the answer names no booking', answer.val, this.#client.secrets));
    }
    return Ok(id);
  }

  /** Lists the units of the account, so that a person can check the routing of the bays. */
  async listResourceUnits(): Promise<Result<readonly ResourceUnit[], SyncError>> {
    const method = 'resourceunits';
    return this.#read(method, await this.#client.call(method, null), readResourceUnits);
  }

  /** Lists the units that offer a service, so that a person can check the services of the bays. */
  async listUnitsOfService(serviceId: number): Promise<Result<readonly number[], SyncError>> {
    const method = 'availableemployeeresources';
    const answer = await this.#client.call(method, { LocationID: this.#studio.locationId, ServiceID: serviceId });
    return this.#read(method, answer, readUnitsOfService);
  }

  /** The service that is used for a unit's availability and bookings. */
  serviceOf(unit: UnitId): number {
    return this.#studio.unitServices.get(String(unit)) ?? this.#studio.serviceId;
  }

  /** The length in wall time: USchedule adds it to the wall time of the start, also on a night on which clocks change. */
  #lengthOf({ start, end }: BookingSlot): number {
    const { timeZone, timeZones } = this.#studio;
    const wallMs = end - start + timeZones.offsetAt(end, timeZone) - timeZones.offsetAt(start, timeZone);
    return Math.max(1, Math.round((wallMs > 0 ? wallMs : end - start) / MINUTE));
  }

  #slot(slot: BookingSlot): object {
    return {
      StartTime: wallTimeText(slot.start, this.#studio.timeZone, this.#studio.timeZones),
      ServiceLength: this.#lengthOf(slot),
      ResourceUnitID: wireId(String(slot.resourceUnitId)),
    };
  }

  /** Reads an answer. If the reader returns null, the answer is an error, never an empty list. */
  #read<T>(
    method: string,
    answer: Result<HttpAnswer, SyncError>,
    read: (json: unknown) => T | null,
  ): Result<T, SyncError> {
    if (!answer.ok) return answer;
    const { secrets } = this.#client;
    const json = jsonOf(method, answer.val, secrets);
    if (!json.ok) return json;
    const value = read(json.val);
    return value === null
      ? Err(unexpected(method, 'the answer has not the expected form', answer.val, secrets))
      : Ok(value);
  }
}

function paymentOf({ prepaid }: BookingTerms): object {
  if (!prepaid) return { PaymentType: NOT_CHOSEN };
  return { PaymentType: prepaid.paymentType ?? PREPAID, PrepayServiceCustomerID: wireId(prepaid.creditId) };
}

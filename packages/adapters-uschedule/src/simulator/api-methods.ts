import { MINUTE } from '@loft/sync-core';
import { type BookingTerms, startOfDay } from '@loft/sync-core/adapters';
import { isRefusal, type Studio, type StudioRefusal, type StudioSlot } from '@loft/sync-core/testing';
import { answer, type ApiAnswer, type ApiBody, refuse } from './api-answer.js';
import { appointmentRecord, fullerRecord, type RecordStyle } from './appointment-record.js';
import type { SimulatedUnit, SimulatorBehaviour } from './simulator-options.js';
import { addWallTime, readDay, readTime, writeTime } from './wall-clock.js';

/** The data that the methods use. */
export interface ApiState {
  readonly studio: Studio;
  readonly behaviour: SimulatorBehaviour;
  readonly units: readonly SimulatedUnit[];
  readonly locationId: number;
  readonly serviceId: number;
  /** The served form of a record. A test may have changed it. */
  readonly serve: (id: string, record: Record<string, unknown>) => unknown;
  /** Availability reports taken slots as free in this call. */
  readonly flickers: () => boolean;
}

/** One method (docs/uschedule.md#methods). The caller is logged in. */
export type ApiMethod = (body: ApiBody, state: ApiState) => ApiAnswer;

/** Methods that GET serves too. */
export const GET_METHODS: ReadonlySet<string> = new Set(['getapiappointments', 'resourceunits']);

/** `PaymentType` of a booking that is paid with a prepaid credit. */
const PREPAID = 4;

const INVALID = 'The request is invalid.';

/** The methods that need a login, by name. */
export const API_METHODS: Readonly<Record<string, ApiMethod>> = {
  getapiappointments(body, state) {
    const { timeZone, timeZones } = state.studio.rules;
    const from = readDay(body['StartDate'], timeZone, timeZones);
    const last = readDay(body['EndDate'], timeZone, timeZones);
    if (from === null || last === null) return refuse(INVALID);
    const until = startOfDay(last, timeZone, timeZones, 1);
    const inside = state.studio.bookings().filter(({ start }) => start >= from && start < until);
    const style = styleOf(state);
    return answer(inside.map((it) => state.serve(it.id, appointmentRecord(it, style, 'AppointmentID'))));
  },

  getappointment(body, state) {
    const booking = state.studio.booking(idIn(body, 'id') ?? '');
    if (booking) {
      const style = styleOf(state);
      const isFuller = state.behaviour.recordById === 'fuller';
      return answer(
        state.serve(booking.id, isFuller ? fullerRecord(booking, style) : appointmentRecord(booking, style, 'Id')),
      );
    }
    return state.behaviour.unknownAppointment === 'null' ? answer(null) : refuse('There is no such appointment.', 404);
  },

  getavailability(body, state) {
    const { studio, behaviour } = state;
    const { timeZone, timeZones } = studio.rules;
    const day = readTime(body['StartDate'], timeZone, timeZones);
    const unit = body['ResourceUnitID'];
    const minutes = body['ServiceLength'];
    if (!isOurs(body, state) || day === null || !isUnit(unit, state) || !isPositive(minutes)) return refuse(INVALID);
    // The answer looks like a bay without a free slot.
    if (!studio.offers(unit, Number(body['ServiceID']))) return answer([]);
    const starts = state.flickers() ? studio.allSlots(day) : studio.freeSlots(unit, day, minutes);
    return answer(
      starts.map((start) => ({
        StartTime: writeTime(start, timeZone, timeZones, behaviour.timeStyle),
        ResourceUnitID: unit,
        ServiceLength: minutes,
      })),
    );
  },

  bookit(body, state) {
    const { studio, behaviour } = state;
    const slot = slotIn(body, state);
    const terms = termsIn(body);
    if (!slot || !isOurs(body, state) || !terms) return refuse(INVALID);
    const notes = typeof body['Notes'] === 'string' ? body['Notes'] : '';
    const id = studio.bookOnline(slot, { customerId: idIn(body, 'CustomerID'), notes, terms });
    if (isRefusal(id)) return refusalAnswer(id);
    const StartTime = writeTime(slot.start, studio.rules.timeZone, studio.rules.timeZones, behaviour.timeStyle);
    return answer({ Id: Number(id), Description: notes, StartTime, Price: 50 });
  },

  cancelappointment(body, state) {
    const { studio, behaviour } = state;
    const id = idIn(body, behaviour.cancelKey);
    if (id === null) return refuse(INVALID);
    const done = studio.cancelOnline(id);
    if (isRefusal(done)) return refusalAnswer(done);
    return behaviour.textAnswers ? answer('Ok') : answer({ Id: Number(id) });
  },

  rescheduleappointment(body, state) {
    const id = idIn(body, 'Id');
    const slot = slotIn(body, state);
    if (id === null || !slot) return refuse(INVALID);
    const newId = state.studio.rescheduleOnline(id, slot);
    return isRefusal(newId) ? refusalAnswer(newId) : answer({ Id: Number(newId) });
  },

  availableemployeeresources(body, { studio, units }) {
    const offering = units.filter(({ id }) => studio.offers(id, Number(body['ServiceID'])));
    return answer({
      AvailableResources: offering.map(({ id, description }) => ({
        ResourceID: id - 5000,
        Units: [{ Id: id, Description: description }],
      })),
    });
  },

  resourceunits(_body, { units }) {
    return answer(
      units.map(({ id, description }) => ({
        Id: id,
        Description: description,
        ResourceID: id - 5000,
        Capacity: 1,
        StatusID: 1,
      })),
    );
  },
};

function styleOf(state: ApiState): RecordStyle {
  const { studio, behaviour, units, locationId, serviceId } = state;
  return {
    timeZone: studio.rules.timeZone,
    timeZones: studio.rules.timeZones,
    notesIn: behaviour.notesIn,
    locationId,
    serviceOf: (unit) => studio.rules.services?.get(unit)?.[0] ?? serviceId,
    status: behaviour.status,
    timeStyle: behaviour.timeStyle,
    unitName: (unit) => units.find(({ id }) => id === unit)?.description ?? '',
  };
}

function refusalAnswer({ refused, reason }: StudioRefusal): ApiAnswer {
  return refuse(reason, refused === 'unknown-appointment' ? 404 : 400);
}

function slotIn(body: ApiBody, state: ApiState): StudioSlot | null {
  const { timeZone, timeZones } = state.studio.rules;
  const start = readTime(body['StartTime'], timeZone, timeZones);
  const unit = body['ResourceUnitID'];
  const minutes = body['ServiceLength'];
  if (start === null || !isUnit(unit, state) || !isPositive(minutes)) return null;
  return { unit, start, end: addWallTime(start, minutes * MINUTE, timeZone, timeZones) };
}

function isOurs(body: ApiBody, state: ApiState): boolean {
  if (body['LocationID'] !== state.locationId) return false;
  return state.behaviour.services === null ? body['ServiceID'] === state.serviceId : isPositive(body['ServiceID']);
}

/** @returns null if the payment is not possible: a prepaid credit needs its own payment type */
function termsIn(body: ApiBody): BookingTerms | null {
  const { GroupSize, ServiceID, PaymentType } = body;
  const creditId = idIn(body, 'PrepayServiceCustomerID');
  const employeeId = idIn(body, 'EmployeeID');
  if (!isPositive(GroupSize) || !isPositive(ServiceID)) return null;
  if (creditId !== null && PaymentType !== PREPAID) return null;
  return {
    groupSize: GroupSize,
    serviceId: ServiceID,
    ...(employeeId === null ? {} : { employeeId }),
    ...(creditId === null ? {} : { prepaid: { creditId, paymentType: PREPAID } }),
  };
}

function isUnit(value: unknown, { units }: ApiState): value is number {
  return units.some(({ id }) => id === value);
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

/** Reads the id under the key that this deployment takes. */
function idIn(body: ApiBody, key: string): string | null {
  const value = body[key];
  return typeof value === 'number' || typeof value === 'string' ? String(value) : null;
}

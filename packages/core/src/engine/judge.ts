import type { Judge } from './reconciler.js';

/** Where the booking system's status can be believed, it is the judgement. */
export const trustStatus: Judge = (booking) => ({ life: booking.status, sure: true });

import { MemoryStore, Ok, type BookingEventMap, type Result, type SyncError } from '@loft/sync-core';
import type { ClaimedTask, MemoryStoreOptions } from '@loft/sync-core/store';

/** Stores with one defect each, by what the defect is. */
export type BrokenStores = Readonly<Record<string, new (options?: MemoryStoreOptions) => MemoryStore>>;

/** A `MemoryStore` with a few helpers to break it with. */
export class Breakable extends MemoryStore {
  /** The claim as if it were the present one. */
  protected asHeld(task: ClaimedTask): ClaimedTask {
    return { ...task, fence: this.data.tasks.get(task.appointmentId)?.claim?.fence ?? task.fence };
  }

  /** Forgets the maps that fit, whatever else the port asks. */
  protected forgetWhere(fits: (map: BookingEventMap) => boolean): Result<void, SyncError> {
    for (const map of this.data.maps.values()) if (fits(map)) this.data.maps.delete(map.uscheduleAppointmentId);
    return Ok.EMPTY;
  }

  /** The claim as if no mark had come since. */
  protected asUnmarked(task: ClaimedTask): ClaimedTask {
    return { ...task, mark: this.data.tasks.get(task.appointmentId)?.mark ?? task.mark };
  }
}

/** Lets others run between a check and what was checked for, as a store without atomic writes would. */
export async function giveWay(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await Promise.resolve();
}

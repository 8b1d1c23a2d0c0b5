import { MemoryStore, Ok, type BookingEventMap, type Result, type SyncError } from '@loft/sync-core';
import type { ClaimedTask, MemoryStoreOptions } from '@loft/sync-core/store';

/** Stores with one defect each, by the description of the defect. */
export type BrokenStores = Readonly<Record<string, new (options?: MemoryStoreOptions) => MemoryStore>>;

/** A `MemoryStore` with a few helpers to break it with. */
export class Breakable extends MemoryStore {
  /** Returns the claim with the fence of the current claim. */
  protected asHeld(task: ClaimedTask): ClaimedTask {
    return { ...task, fence: this.data.tasks.get(task.appointmentId)?.claim?.fence ?? task.fence };
  }

  /** Removes the matching maps, without the other conditions of the port. */
  protected forgetWhere(fits: (map: BookingEventMap) => boolean): Result<void, SyncError> {
    for (const map of this.data.maps.values()) if (fits(map)) this.data.maps.delete(map.uscheduleAppointmentId);
    return Ok.EMPTY;
  }

  /** Returns the claim with the current mark, as if no mark had been made since. */
  protected asUnmarked(task: ClaimedTask): ClaimedTask {
    return { ...task, mark: this.data.tasks.get(task.appointmentId)?.mark ?? task.mark };
  }
}

/** Lets other calls run between a check and its write, like a store without atomic writes. */
export async function giveWay(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await Promise.resolve();
}

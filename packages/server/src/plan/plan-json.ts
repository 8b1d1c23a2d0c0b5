import type { Instant } from '@loft/sync-core';
import type { SyncPlan } from '@loft/sync-core/reports';
import type { Content } from '@loft/sync-core/store';
import { textChanges } from './text-changes.js';

function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}

function contentJson(content: Content | null): object | null {
  return content && { ...content, start: iso(content.start), end: iso(content.end) };
}

/** Converts a plan for programs, with instants as ISO 8601 in UTC. */
export function planJson(plan: SyncPlan): object {
  return {
    ...plan,
    at: iso(plan.at),
    window: { from: iso(plan.window.from), to: iso(plan.window.to) },
    entries: plan.entries.map((entry) => ({
      ...entry,
      before: contentJson(entry.before),
      after: contentJson(entry.after),
    })),
    held: plan.held.map(({ to, ...edit }) => ({
      ...edit,
      start: iso(edit.start),
      end: iso(edit.end),
      at: iso(edit.at),
      to: to && { ...to, start: iso(to.start), end: iso(to.end) },
    })),
    stopped: plan.stopped.map((item) => ({ ...item, start: iso(item.start) })),
    texts: textChanges(plan.entries),
  };
}

/**
 * Exports the rules of the engine: the reasons of the decision table, the types of a decision, the groups of the
 * settings, the fields of templates, and the comparison of contents. Most embedders do not need this entry.
 *
 * @example
 * ```ts
 * const unknown = unknownTemplateFields('{customerName}: {nots}'); // ['nots']
 * const isRow = (text: string): text is Reason => REASONS.some((reason) => reason === text);
 * ```
 * @module @loft/sync-core/rules
 */
export {
  REASONS,
  type Action,
  type Decision,
  type EventFields,
  type EventWrite,
  type ObservationTarget,
  type Reason,
  type RoutedContent,
  type Verdict,
} from '../rules/decision.js';
export {
  DEFAULT_SETTINGS,
  type BookingSettings,
  type CalendarSettings,
  type CancelStyle,
  type ConflictPolicy,
  type GuardSettings,
  type RescheduleMode,
  type RetrySettings,
} from '../rules/settings.js';
export type { SyncWays } from '../domain/bay.js';
export {
  DETAIL_FIELDS,
  TEMPLATE_FIELDS,
  unknownTemplateFields,
  type EventTemplates,
  type TemplateField,
} from '../rules/event-text.js';
export {
  compareContent,
  normaliseText,
  sameContent,
  sameText,
  sameTexts,
  type ContentDifference,
} from '../domain/content.js';

import { Err, Ok, type Result } from '@loft/sync-core/result';
import { thrownText } from '@loft/sync-core/adapters';
import type { AdapterSettingsSchema } from './adapter-module.js';

/** A fault of the settings of an adapter, or of its schema. */
export interface AdapterSettingsFault {
  /** The place below `adapters.bookings`. */
  readonly path: readonly string[];
  readonly problem: string;
  readonly remedy: string;
}

type Checked = Result<unknown, readonly AdapterSettingsFault[]>;

/**
 * Validates the settings of an adapter by the schema of its module. The module may be plain JavaScript: a schema that
 * throws, or answers something else than a schema does, is a fault too.
 */
export function checkAdapterSettings(schema: unknown, written: unknown): Checked {
  if (schema === undefined) return Ok(written);
  try {
    return checkedBy(schema as AdapterSettingsSchema, written);
  } catch (thrown) {
    return schemaFault(`has a settingsSchema that failed: ${thrownText(thrown)}`);
  }
}

function checkedBy(schema: AdapterSettingsSchema, written: unknown): Checked {
  if (typeof schema.safeParse !== 'function') return schemaFault('has a settingsSchema without the method safeParse');
  const checked = schema.safeParse(written ?? {});
  // A promise has no `success`: an asynchronous schema is refused here.
  if (typeof checked.success !== 'boolean') return schemaFault('has a settingsSchema that answers no "success"');
  if (checked.success) return Ok(checked.data);
  const faults = checked.error.issues.map(({ path = [], message }: Issue) => ({
    path: ['settings', ...path.map(String)],
    problem: 'is wrong or missing',
    remedy: `The adapter says: ${message.replace(/\.$/, '')}.`,
  }));
  if (faults.length > 0) return Err(faults);
  return Err([{ path: ['settings'], problem: 'is wrong', remedy: 'The adapter gives no reason.' }]);
}

interface Issue {
  readonly path?: readonly PropertyKey[];
  readonly message: string;
}

function schemaFault(problem: string): Checked {
  return Err([{ path: [], problem, remedy: 'Export a zod schema without asynchronous checks, or none.' }]);
}

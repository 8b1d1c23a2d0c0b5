import type { TimeZones } from '@loft/sync-core';
import { Err, Ok, type Result } from '@loft/sync-core/result';
import type { ConfigurationFault } from './configuration-fault.js';
import { faultsBetweenSettings, faultsOfIssue } from './file-faults.js';
import { findJsonFault } from './json-fault.js';
import { settingsFileSchemaWith, type SettingsFile } from './settings-file.js';

/**
 * The content of a file, or the reason why it could not be read, to be read after the file's name: `does not exist`.
 */
export type FileText = { readonly text: string } | { readonly unreadable: string };

function fileFault(problem: string, remedy: string): ConfigurationFault {
  return { source: 'file', where: '', problem, remedy };
}

/** Validates the text of the settings file. */
export function readSettingsFile(
  file: FileText,
  timeZones: TimeZones,
): Result<SettingsFile, readonly ConfigurationFault[]> {
  if ('unreadable' in file) {
    const remedy =
      'Copy loft-sync.config.example.json to that place and fill it in, or set LOFT_SYNC_CONFIG to the path of yours.';
    return Err([fileFault(file.unreadable, remedy)]);
  }
  const text = file.text.replace(/^\uFEFF/, '');
  const fault = findJsonFault(text);
  if (fault) {
    const place = `line ${fault.line}, column ${fault.column}`;
    return Err([fileFault(`is not JSON: at ${place}, ${fault.problem}`, 'Correct it there.')]);
  }
  const root: unknown = JSON.parse(text);
  // Compiling a parser costs more than the one parse.
  const checked = settingsFileSchemaWith(timeZones).safeParse(root, { jitless: true });
  const between = faultsBetweenSettings(root);
  if (checked.success && between.length === 0) return Ok(checked.data);
  const issues = checked.error?.issues ?? [];
  return Err([...issues.flatMap((issue) => faultsOfIssue(issue, root)), ...between]);
}

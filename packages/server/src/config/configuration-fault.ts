/** One wrong or missing setting: its place, the fault, and the remedy. Never holds a secret's value. */
export interface ConfigurationFault {
  /** `environment`, or the settings file. */
  readonly source: 'environment' | 'file';
  /** The variable's name, or the place in the file: `bays[1].calendarId`; empty for the whole file. */
  readonly where: string;
  /** The fault, to be read after the name: `is missing`. */
  readonly problem: string;
  /** The remedy, as a sentence. */
  readonly remedy: string;
}

function lineOf(fault: ConfigurationFault): string {
  const subject = fault.where === '' ? 'The file' : fault.where;
  return `  - ${subject} ${fault.problem}. ${fault.remedy}`;
}

/** Formats all faults as one message. */
export function describeFaults(faults: readonly ConfigurationFault[], filePath: string): string {
  const ofEnvironment = faults.filter((fault) => fault.source === 'environment');
  const ofFile = faults.filter((fault) => fault.source === 'file');
  const count = faults.length === 1 ? '1 setting is' : `${faults.length} settings are`;
  const lines = [`The service cannot start: ${count} missing or wrong.`];
  if (ofEnvironment.length > 0) lines.push('', 'In the environment:', ...ofEnvironment.map(lineOf));
  if (ofFile.length > 0) lines.push('', `In the settings file ${filePath}:`, ...ofFile.map(lineOf));
  return lines.join('\n');
}

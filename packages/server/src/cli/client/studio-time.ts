/** Writes instants as a person at the studio reads them: `Thu 26 Nov 14:02`. */
export function studioTime(timeZone: string): (iso: unknown) => string {
  // Made when it is first needed: it takes as long as the rest of a command.
  let format: Intl.DateTimeFormat | null = null;
  const write = (iso: string): string => (format ??= formatOf(timeZone)).format(Date.parse(iso)).replaceAll(',', '');
  return (iso) => (typeof iso === 'string' ? write(iso) : '');
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}

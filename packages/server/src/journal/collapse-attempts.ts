import type { StoryLine } from './story.js';

/** Renders the failed attempts of one appointment as one line, with the change from the newest one that names it. */
function joined<T extends StoryLine>(attempts: readonly [T, ...T[]]): T {
  const [newest] = attempts;
  const oldest = attempts.at(-1) ?? newest;
  if (attempts.length === 1) return newest;
  const about = attempts.find(({ reason }) => reason !== null) ?? newest;
  const since = oldest.day === newest.day ? oldest.time : `${oldest.day} ${oldest.time}`;
  const steps = [...about.steps.slice(0, -1), `${attempts.length} attempts since ${since}`, ...newest.steps.slice(-1)];
  return { ...newest, reason: about.reason, steps };
}

/**
 * Joins failed attempts of one appointment that follow each other into one line, so that an outage does not hide the
 * other activity.
 *
 * @param lines newest first
 */
export function collapseAttempts<T extends StoryLine>(
  lines: readonly T[],
  appointmentOf: (line: T) => string,
): readonly T[] {
  const groups: [T, ...T[]][] = [];
  const open = new Map<string, [T, ...T[]]>();
  for (const line of lines) {
    const id = appointmentOf(line);
    const group = open.get(id);
    if (line.tone === 'waiting' && group) {
      group.push(line);
      continue;
    }
    const started: [T, ...T[]] = [line];
    groups.push(started);
    if (line.tone === 'waiting') open.set(id, started);
    else open.delete(id);
  }
  return groups.map(joined);
}

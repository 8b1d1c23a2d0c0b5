/** `warn` does not keep the service from its job; `skipped`: an earlier check has to pass first. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'skipped';

/** What one check found, and what to do about it. */
export interface Finding {
  /** What was checked, in a few words: `writing to Bay 1`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** What was found, in words, without a full stop. */
  readonly found: string;
  /** What to do, in sentences; null when there is nothing to do. */
  readonly cure: string | null;
}

export function pass(check: string, found: string): Finding {
  return { check, verdict: 'pass', found, cure: null };
}

export function warn(check: string, found: string, cure: string): Finding {
  return { check, verdict: 'warn', found, cure };
}

export function fail(check: string, found: string, cure: string): Finding {
  return { check, verdict: 'fail', found, cure };
}

export function skipped(check: string, needs: string): Finding {
  return { check, verdict: 'skipped', found: `needs ${needs}`, cure: null };
}

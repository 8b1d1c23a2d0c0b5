/** `warn`: the service works nevertheless; `skipped`: an earlier check must pass first. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'skipped';

/** The result of one check, and the remedy. */
export interface Finding {
  /** The checked part in a few words: `writing to Bay 1`. */
  readonly check: string;
  readonly verdict: Verdict;
  /** The result in words, without a full stop. */
  readonly found: string;
  /** The remedy in sentences; null if none is needed. */
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

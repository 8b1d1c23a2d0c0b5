interface FirstCheck {
  isDone: boolean;
  readonly done: Promise<void>;
  readonly resolve: () => void;
}

/** Calendars whose channel was checked once since the start, with any result. */
export class FirstChecks {
  readonly #checks = new Map<string, FirstCheck>();

  constructor(calendarIds: readonly string[]) {
    for (const calendarId of calendarIds) {
      let resolve = (): void => undefined;
      const done = new Promise<void>((end) => (resolve = end));
      this.#checks.set(calendarId, { isDone: false, done, resolve });
    }
  }

  isDone(calendarId: string): boolean {
    return this.#checks.get(calendarId)?.isDone ?? true;
  }

  /** Resolves when the first check of the calendar's channel has ended. */
  async ended(calendarId: string): Promise<void> {
    await this.#checks.get(calendarId)?.done;
  }

  end(calendarId: string): void {
    const check = this.#checks.get(calendarId);
    if (!check) return;
    check.isDone = true;
    check.resolve();
  }

  endAll(): void {
    for (const calendarId of this.#checks.keys()) this.end(calendarId);
  }
}

/** The place and the kind of a syntax error in a JSON text. */
export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** A description, to be read after "at line 3, column 5". */
  readonly problem: string;
}

/**
 * Reads a JSON text to find its syntax error, because the runtime's message names a position only in some versions and
 * for some faults. Also finds a duplicate name in an object, which `JSON.parse` accepts. Every method returns whether
 * the text is valid up to its end.
 */
class JsonReader {
  readonly #text: string;
  #at = 0;
  #fault: JsonFault | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonFault | null {
    if (this.#value()) {
      this.#blank();
      if (this.#at < this.#text.length) this.#fail('there is more text after the end');
    }
    return this.#fault;
  }

  #fail(problem: string, at: number = this.#at): false {
    const before = this.#text.slice(0, at).split('\n');
    this.#fault = {
      line: before.length,
      column: (before.at(-1) ?? '').length + 1,
      problem: at >= this.#text.length ? 'the text ends too early' : problem,
    };
    return false;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #blank(): void {
    while (/[ \t\r\n]/.test(this.#peek())) this.#at += 1;
  }

  #take(pattern: RegExp): string | null {
    const sticky = new RegExp(pattern, 'uy');
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #value(): boolean {
    this.#blank();
    const first = this.#peek();
    if (first === '{') {
      const names = new Set<string>();
      return this.#list('}', () => this.#member(names));
    }
    if (first === '[') return this.#list(']', () => this.#value());
    if (first === '"') return this.#string() !== null;
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/;
    if (this.#take(number) !== null || this.#take(/(?:true|false|null)(?!\w)/) !== null) return true;
    if (first === '/') return this.#fail('JSON has no comments');
    return this.#fail('a value is missing, or a text has no double quotes');
  }

  #string(): string | null {
    const found = this.#take(/"(?:[ !#-[\]-\u{10FFFF}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/u);
    if (found === null) this.#fail('this text has no closing quote, or holds a character that must be escaped');
    return found;
  }

  #member(names: Set<string>): boolean {
    const from = this.#at;
    if (this.#peek() !== '"') return this.#fail('a name in double quotes is expected');
    const name = this.#string();
    if (name === null) return false;
    if (names.has(name)) return this.#fail(`the name ${name} is used here for the second time`, from);
    names.add(name);
    this.#blank();
    if (this.#take(/:/) === null) return this.#fail('a colon is missing');
    return this.#value();
  }

  #list(close: '}' | ']', item: () => boolean): boolean {
    this.#at += 1;
    this.#blank();
    if (this.#peek() === close) {
      this.#at += 1;
      return true;
    }
    for (;;) {
      if (!item()) return false;
      this.#blank();
      const next = this.#peek();
      if (next !== ',' && next !== close) return this.#fail(`a comma or ${close} is missing`);
      this.#at += 1;
      if (next === close) return true;
      this.#blank();
      if (this.#peek() === close) return this.#fail(`there is a comma too many before ${close}`);
    }
  }
}

/** @returns the first fault of a JSON text; null if it is valid */
export function findJsonFault(text: string): JsonFault | null {
  return new JsonReader(text).read();
}

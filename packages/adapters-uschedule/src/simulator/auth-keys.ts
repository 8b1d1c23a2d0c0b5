import { randomUUID } from 'node:crypto';
import { answer, type ApiAnswer, type ApiBody, refuse } from './api-answer.js';
import type { SimulatorBehaviour } from './simulator-options.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Accepts logins and issues AuthKeys. */
export class AuthKeys {
  readonly #credentials: Credentials;
  readonly #valid = new Set<string>();

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  isValid(key: string | undefined): boolean {
    return key !== undefined && this.#valid.has(key);
  }

  invalidateAll(): void {
    this.#valid.clear();
  }

  validateUser(body: ApiBody): ApiAnswer {
    const { username, password } = this.#credentials;
    if (body['UserName'] !== username || body['Password'] !== password) {
      return refuse('The user name or password is incorrect.', 401);
    }
    return this.#grant();
  }

  impersonateUser(body: ApiBody, spelling: SimulatorBehaviour['impersonation']): ApiAnswer {
    const names = spelling === 'both' ? ['FieldName', 'SearchField'] : [spelling];
    if (!names.some((name) => body[name] === 'username')) return refuse('The request is invalid.');
    return body['Value'] === this.#credentials.username ? this.#grant() : refuse('There is no such user.');
  }

  #grant(): ApiAnswer {
    const key = randomUUID();
    this.#valid.add(key);
    return answer({
      UserId: 4711,
      AuthKey: key,
      AccountID: 815,
      Username: this.#credentials.username,
      IsCustomer: false,
    });
  }
}

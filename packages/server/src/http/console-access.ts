/** Access to the console: with `ADMIN_TOKEN`, or open (the sandbox, which listens on this machine only). */
export type ConsoleAccess = 'token' | 'open';

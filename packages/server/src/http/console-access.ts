/** Who may see the console: whoever knows `ADMIN_TOKEN`, or anybody (the sandbox, which listens on this machine only). */
export type ConsoleAccess = 'token' | 'open';

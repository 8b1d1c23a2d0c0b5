// The parts of undici that the client needs. Its main entry also loads fetch, caches, cookies and web sockets: 60 ms of
// processor time and 9 MB more at every start. The version is pinned, since these paths are not its public interface.
declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici';
}

declare module 'undici/lib/dispatcher/pool.js' {
  export { Pool as default } from 'undici';
}

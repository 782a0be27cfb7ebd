/** The databases that tests of records run on. */
export declare const ENGINES: readonly ['memory', 'SQLite', 'PostgreSQL']
/** Starts the server that an engine needs before the tests, and stops it after them; makes the URL of a new, empty store. */
export declare function storesOn(engine: (typeof ENGINES)[number]): () => string

/** The name of this store, in errors and statistics. */
export const ENGINE = 'sqlite'

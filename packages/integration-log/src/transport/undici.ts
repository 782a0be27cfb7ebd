/*
 * The parts of undici that are used, module by module: its index puts a dispatcher in place for all of the process, and whichever
 * is in place first is the one that the built-in fetch, and the host's own undici, run on. None of these modules does that.
 */
import type * as Undici from 'undici'
// @ts-expect-error Its modules have no types of their own.
import api from 'undici/lib/api/index.js'
// @ts-expect-error As above.
import agent from 'undici/lib/dispatcher/agent.js'
// @ts-expect-error As above.
import client from 'undici/lib/dispatcher/client.js'
// @ts-expect-error As above.
import dispatcher from 'undici/lib/dispatcher/dispatcher.js'
// @ts-expect-error As above.
import pool from 'undici/lib/dispatcher/pool.js'
// @ts-expect-error As above.
import proxyAgent from 'undici/lib/dispatcher/proxy-agent.js'

// What the index does too: `request`, `stream` and the like become methods of every dispatcher.
Object.assign(dispatcher.prototype, api)

/** As undici exports it. */
export const Agent: typeof Undici.Agent = agent
/** As undici exports it. */
export const Client: typeof Undici.Client = client
/** As undici exports it. */
export const Pool: typeof Undici.Pool = pool
/** As undici exports it. */
export const ProxyAgent: typeof Undici.ProxyAgent = proxyAgent

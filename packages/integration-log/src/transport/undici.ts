// The order matters: see there.
import './built-in-fetch.js'

export { Agent, Client, getGlobalDispatcher, Pool, ProxyAgent, setGlobalDispatcher } from 'undici'

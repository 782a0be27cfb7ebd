/*
 * What stands around a fragment of a page. Fragments are checked, not run: beside these they see what the packages export and
 * what `reader.ts` has.
 */
import type { StoreAdapter } from '@fastify-scs/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

export declare const app: FastifyInstance
export declare const request: FastifyRequest
export declare const reply: FastifyReply
/** What a catch clause has caught. */
export declare const error: unknown

/** A store of the reader's own, and what clears it away after a test. */
export declare const MyStore: new () => StoreAdapter
export declare function dropEverything(): Promise<void>

/** Plugins of rollup; `bundles.test.ts` builds with the real ones. */
export declare function nodeResolve(options?: object): unknown
export declare function commonjs(options?: object): unknown
export declare function json(): unknown

/** The root module of a NestJS service. */
export declare const AppModule: new () => object

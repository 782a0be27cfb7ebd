import type { StoreReader } from '@fastify-scs/console/read'
import type { Redactor } from '@fastify-scs/core'
import { type Static, type TObject, Type } from '@sinclair/typebox'
import type { Show } from './marked.js'

/** What the tools read with. */
export interface ToolParts {
  readonly reader: StoreReader
  readonly redactor: Redactor
  readonly show: Show
}

/** What a tool answers. */
export interface ToolAnswer<Output> {
  readonly structured: Output
  /** @default the structured content as JSON, behind a note about trust */
  readonly text?: string
}

/** A tool: what it takes and gives, and what it does. */
export interface Tool<Input extends TObject = TObject, Output extends TObject = TObject> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: Input
  readonly output: Output
  run(args: Static<Input>, parts: ToolParts): Promise<ToolAnswer<Static<Output>>>
}

/** Declares a tool, its types being those of its schemas. */
export function defineTool<Input extends TObject, Output extends TObject>(
  tool: Tool<Input, Output>,
): Tool {
  // Arguments are checked by the schema before it runs.
  return tool as unknown as Tool
}

/** A text of an argument. */
export const argument = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 500, description }))
/** How many items an answer has. */
export const limitArgument = (byDefault: number, most: number) =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: most,
      description: `Items at most, 1 to ${most}; ${byDefault} without it. Fewer come where they are large.`,
    }),
  )
/** Where an answer goes on. */
export const cursorArgument = () =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'computed.nextCursor of the answer before, with the same other arguments',
    }),
  )
/** One of several words. */
export const wordArgument = <const Word extends string>(
  words: readonly Word[],
  description: string,
) =>
  Type.Unsafe<Word>(
    Type.Union(
      words.map((word) => Type.Literal(word)),
      { description },
    ),
  )

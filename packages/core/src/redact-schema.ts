import { type TObject, type TOptional, type TString, type TUnsafe, Type } from '@sinclair/typebox'

type TTexts = TOptional<TUnsafe<readonly string[]>>

const texts: TTexts = Type.Optional(
  Type.Unsafe<readonly string[]>(
    Type.Array(Type.String({ minLength: 1 }), { description: 'a list of non-empty strings' }),
  ),
)

/** The schema of `RedactOptions`. */
export const redactSchema: TObject<{ keys: TTexts; headers: TTexts; censor: TOptional<TString> }> =
  Type.Object(
    {
      keys: texts,
      headers: texts,
      censor: Type.Optional(Type.String({ minLength: 1, description: 'a non-empty string' })),
    },
    { additionalProperties: false, description: 'an object { keys?, headers?, censor? }' },
  )

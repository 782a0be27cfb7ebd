import type { TemplateFields } from '../kit/message-template.js'
import type { DetailsOf, DetailsSchema } from './details-schema.js'
import type { ParamValue } from './error-message.js'

/** The fields that a message names; none for a message whose literal type is not known. */
type FieldsOf<Message extends string> = string extends Message ? never : TemplateFields<Message>

/** The fields that details always have. */
type CertainFields<Details> = {
  [Field in keyof Details]-?: undefined extends Details[Field] ? never : Field
}[keyof Details]

type NeededParams<Message extends string, Details> = Exclude<
  FieldsOf<Message>,
  CertainFields<Details>
>

type WithParams<Message extends string, Details> = [NeededParams<Message, Details>] extends [never]
  ? MayHaveParams<Message>
  : {
      /** The values of the message's fields; those that the details have may be left out. */
      readonly params: {
        readonly [Field in NeededParams<Message, Details>]: ParamValue
      } & { readonly [Field in FieldsOf<Message>]?: ParamValue | undefined }
    }

type MayHaveParams<Message extends string> = string extends Message
  ? { readonly params?: Readonly<Record<string, unknown>> | undefined }
  : [FieldsOf<Message>] extends [never]
    ? unknown
    : {
        readonly params?:
          | { readonly [Field in FieldsOf<Message>]?: ParamValue | undefined }
          | undefined
      }

type WithDetails<Details> = undefined extends Details
  ? {
      /** Any data for the client; copied into the answer as plain JSON. */
      readonly details?: Details
    }
  : {
      /** The data for the client that the error's schema describes; copied into the answer as plain JSON. */
      readonly details: Details
    }

/** What the factory of an error takes, by its message and by the schema of its details. */
export type FactoryOptions<
  Message extends string = string,
  Schema extends DetailsSchema = DetailsSchema,
> = {
  /** What led to the error, for reports and, from 500 on, the log; never sent. */
  readonly cause?: unknown
} & WithDetails<DetailsOf<Schema>> &
  WithParams<Message, DetailsOf<Schema>>

/** The arguments of a factory: none are needed where every option may be left out. */
export type FactoryArguments<Message extends string, Schema extends DetailsSchema> =
  Record<never, never> extends FactoryOptions<Message, Schema>
    ? [options?: FactoryOptions<Message, Schema>]
    : [options: FactoryOptions<Message, Schema>]

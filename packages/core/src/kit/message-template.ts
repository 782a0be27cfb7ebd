import { TemplateError } from '../errors.js'
import type { JsonValue } from '../json/json-value.js'
import { printableJson } from '../log/printable-text.js'

/** The fields that a template names, read from its literal type; any string for one that is not literal. */
export type TemplateFields<Template extends string> = string extends Template
  ? string
  : Template extends `${string}{${infer Rest}`
    ? Rest extends `{${infer Behind}`
      ? TemplateFields<Behind>
      : Rest extends `${infer Field}}${infer Behind}`
        ? Field | TemplateFields<Behind>
        : never
    : never

/** A compiled template. */
export interface MessageTemplate {
  readonly fields: readonly string[]
  /** Fills the fields in. Values are JSON-encoded, so that none can forge a line. */
  readonly render: (details: Readonly<Record<string, JsonValue>>) => string
  /** Fills the fields in with the texts that a function gives for their names. */
  readonly fill: (textOf: (field: string) => string) => string
}

const FIELD = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u

/**
 * Compiles a template such as `User '{user}' has done {terribleThing}`; `{{` and `}}` stand for a brace.
 *
 * @param of what has the template, for the message of an error: `Audit event "user-left"`
 * @throws SCS_ERR_TEMPLATE when a brace has no counterpart or a field has no valid name
 */
export function compileTemplate(of: string, template: string): MessageTemplate {
  const parts: string[] = ['']
  const fields: string[] = []
  const fail = (reason: string): never => {
    throw new TemplateError(of, JSON.stringify(template), reason)
  }
  for (let at = 0; at < template.length; at++) {
    const char = template[at] as string
    if ((char === '{' || char === '}') && template[at + 1] === char) {
      parts[parts.length - 1] += char
      at++
    } else if (char === '{') {
      const end = template.indexOf('}', at)
      const field = end === -1 ? fail('has a { without a }') : template.slice(at + 1, end)
      if (!FIELD.test(field)) fail(`has the field "${field}", which is not a valid name`)
      fields.push(field)
      parts.push('')
      at = end
    } else if (char === '}') {
      fail('has a } without a {')
    } else {
      parts[parts.length - 1] += char
    }
  }
  const fill = (textOf: (field: string) => string): string => {
    let message = parts[0] as string
    for (let i = 0; i < fields.length; i++) message += textOf(fields[i] as string) + parts[i + 1]
    return message
  }
  return {
    fields: [...new Set(fields)],
    fill,
    render: (details) => fill((field) => encode(details[field] ?? null)),
  }
}

/** JSON without the outer quotes of a string: `User 'x'` stays readable, a line break or a quote stays escaped. */
function encode(value: JsonValue): string {
  const json = printableJson(JSON.stringify(value))
  return typeof value === 'string' ? json.slice(1, -1) : json
}

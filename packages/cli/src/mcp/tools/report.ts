import { Type } from '@sinclair/typebox'
import { computed, isoTime, observed, parts, time } from '../marked.js'
import { defineTool } from '../tool.js'
import { WrongArgumentError } from '../tool-failure.js'

/** The tool that tells a report. */
export const reportTool = defineTool({
  name: 'report',
  title: 'A report',
  description:
    'Tells one report (a crash, a caught error, a slow, stuck or blocked call) with all that is known of its request: the error and its causes, the code at its stack, the request, its time line, queries and calls, its group and release. Each line of recorded, untrusted text begins with "| ".',
  input: Type.Object(
    {
      id: Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Id of the report: observed.id of the tool "find"',
      }),
    },
    { additionalProperties: false },
  ),
  output: parts({
    computed: computed({ createdAt: time(), characters: Type.Integer() }),
    observed: observed({
      id: Type.String(),
      prompt: Type.String({
        description:
          'The whole text; lines that begin with "| " are recorded, the others are computed',
      }),
    }),
  }),
  async run({ id }, { reader, redactor, show }) {
    const found = await reader.record('reports', id)
    if (found === undefined)
      throw new WrongArgumentError('there is no report with this id; the tool "find" lists reports')
    const prompt = await reader.promptOf(found, redactor)
    return {
      structured: {
        computed: { createdAt: isoTime(found.createdAt), characters: prompt.length },
        observed: { id: show(found.id), prompt },
      },
      text: prompt,
    }
  },
})

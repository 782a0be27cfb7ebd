import type { Tool } from './tool.js'
import { findTool } from './tools/find.js'
import { groupTool } from './tools/group.js'
import { releaseVerdictTool } from './tools/release-verdict.js'
import { reportTool } from './tools/report.js'
import { timelineTool } from './tools/timeline.js'

/** All tools of the server. None of them changes anything. */
export const TOOLS: readonly Tool[] = [
  findTool,
  timelineTool,
  groupTool,
  reportTool,
  releaseVerdictTool,
]

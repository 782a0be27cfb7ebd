// The service in a process whose options a test chooses: prints what was seen.
import { tryOut } from './service.mjs'

console.log(JSON.stringify(await tryOut(process.argv[2])))

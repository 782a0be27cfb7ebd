/** Runs the program with its arguments and returns its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  process.stderr.write(`unknown command ${args.join(' ')}\n`)
  return 2
}

/** Takes all of a core until it is killed. */
process.send?.('ready')
for (let turn = 0; ; turn += 1) Math.sqrt(turn)

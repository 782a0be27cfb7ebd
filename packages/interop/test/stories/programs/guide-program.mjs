// Runs a whole program of a guide, as it stands there but for the places that it calls and listens at.
const { file, env } = JSON.parse(process.argv[2])
Object.assign(process.env, env)
const { app } = await import(file)
process.send({ address: `http://127.0.0.1:${app.server.address().port}` })
process.once('disconnect', () => void app.close())

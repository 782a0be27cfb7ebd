import { coded } from '@fastify-scs/core/kit'

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError = coded(
  'SCS_CONSOLE_ERR_OPTIONS',
  'Option %s: expected %s, got %s',
  'Correct the option; its path and what was expected are in the message.',
)

/** The plugin was registered without `authorize`. */
export const AuthorizeError = coded(
  'SCS_CONSOLE_ERR_AUTHORIZE',
  `The console needs the option "authorize", which says who may see it. The three usual ways:
  the role of a session:
    authorize: (request) => request.session.user?.role === 'admin'
  basic authentication, with @fastify/basic-auth registered with { authenticate: true }:
    authorize: (request, reply) => new Promise((resolve) => {
      app.basicAuth(request, reply, (error) => resolve(error === undefined || reply.send(error)))
    })
  in development, from this machine only:
    authorize: ({ socket, hostname }) =>
      process.env.NODE_ENV !== 'production' && socket.remoteAddress === '127.0.0.1' && hostname === 'localhost'`,
  'Pass authorize; the message shows three ways.',
)

/** The files of the page are not where they should be: the folder, or that there is none. */
export const AssetsError = coded(
  'SCS_CONSOLE_ERR_ASSETS',
  'The page of the console is not in %s: copy the folder "assets" of @fastify-scs/console, and name the copy by the option "pageFolder"',
  'Without a bundler install the package anew; in the repository run "node packages/console/build-page.mjs".',
)
